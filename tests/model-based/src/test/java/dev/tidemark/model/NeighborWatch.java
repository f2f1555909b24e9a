package dev.tidemark.model;

import dev.tidemark.model.SimulatedAgenda.Actor;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Asks for a resync of one mailbox while another one is refused, and records a complaint if it is not done in
/// time.
final class NeighborWatch {
    /// Time for the resync itself, plus busy servers, lost requests and unbelieved waits.
    private static final Duration LONG_ENOUGH = Duration.ofHours(3);

    private final SimulatedAgenda agenda;
    private final ModelExchange exchange;
    private final ModelCore core;
    private final List<String> complaints = new ArrayList<>();

    NeighborWatch(SimulatedAgenda agenda, ModelExchange exchange, ModelCore core) {
        this.agenda = agenda;
        this.exchange = exchange;
        this.core = core;
    }

    /// Starts to watch the mailbox, if there is a daemon that serves it.
    void begin(ModelMailbox neighbor) {
        if (core.serves(neighbor.address())) {
            var requestedAt = agenda.now();
            var life = core.life();
            var isRequested = core.operate(
                    neighbor.address(),
                    (store, id) -> store.subscriptions()
                            .scheduleCompensation(
                                    id,
                                    new PendingCompensation(
                                            SubscribeReason.OPERATOR, requestedAt, true, "beside another")));
            if (isRequested) {
                agenda.after(LONG_ENOUGH, Actor.EXCHANGE, () -> check(neighbor, requestedAt, life));
            }
        }
    }

    /// Excuses the daemon if it or the mailbox was disturbed in the meantime.
    private void check(ModelMailbox neighbor, Instant requestedAt, int life) {
        if (core.life() == life
                && core.diskFailedAt().isBefore(requestedAt)
                && core.serves(neighbor.address())
                && !exchange.refusals().hasRefused(neighbor, requestedAt)
                && !exchange.stuck().isStuck(neighbor)
                && exchange.lastPage(neighbor).isBefore(requestedAt)) {
            complaints.add(
                    neighbor.address() + " was not served since " + requestedAt + " while another one was refused");
        }
    }

    List<String> complaints() {
        return List.copyOf(complaints);
    }
}

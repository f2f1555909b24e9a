package dev.tidemark.forwarder;

import dev.tidemark.forwarder.backlog.DeliveryLanes;
import dev.tidemark.forwarder.backlog.PendingDelivery;
import dev.tidemark.forwarder.backlog.SinkWriteBuffer;
import dev.tidemark.store.ReplayStore;
import dev.tidemark.store.model.DeadLetter;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Dead letters that an operator wants a sink to get once more, one at a time: whoever was refused before may
/// be so again. Used by one thread.
final class DeadLetterReplayQueue {
    private static final int PAGE = 50;

    private final SinkWriteBuffer ledger;
    private final ReplayStore replays;
    private final Deque<DeadLetter> waiting = new ArrayDeque<>();
    private final Map<PendingDelivery.Key, DeadLetter> inFlight = new HashMap<>();
    private boolean reloadNeeded = true;

    DeadLetterReplayQueue(SinkWriteBuffer ledger, ReplayStore replays) {
        this.ledger = ledger;
        this.replays = replays;
    }

    /// There may be something new in the store.
    void reload() {
        reloadNeeded = true;
    }

    boolean isIdle() {
        return !reloadNeeded && waiting.isEmpty();
    }

    Optional<PendingDelivery> next() {
        if (!inFlight.isEmpty()) {
            return Optional.empty();
        }
        if (waiting.isEmpty() && reloadNeeded) {
            waiting.addAll(replays.recalled(ledger.sink(), PAGE));
            reloadNeeded = !waiting.isEmpty();
        }
        return Optional.ofNullable(waiting.poll()).map(letter -> {
            var delivery = PendingDelivery.of(letter.event(), DeliveryLanes.of(letter.event()));
            inFlight.put(delivery.key(), letter);
            return delivery;
        });
    }

    /// Drops the letter of an event that was taken; returns whether there is one.
    boolean onDelivered(PendingDelivery delivery) {
        var letter = removeInFlight(delivery);
        letter.ifPresent(each -> ledger.deliveries().dropDeadLetter(each.id()));
        return letter.isPresent();
    }

    /// Returns whether the event is a letter's.
    boolean requeue(PendingDelivery delivery) {
        var letter = removeInFlight(delivery);
        letter.ifPresent(waiting::addFirst);
        return letter.isPresent();
    }

    /// The letter of an event that was refused again stays one; returns whether there is one.
    boolean onRefused(PendingDelivery delivery, String reason, Instant now) {
        var letter = removeInFlight(delivery);
        letter.ifPresent(was ->
                replays.refused(new DeadLetter(was.id(), was.sink(), was.event(), reason, was.attempts() + 1, now)));
        return letter.isPresent();
    }

    private Optional<DeadLetter> removeInFlight(PendingDelivery delivery) {
        return Optional.ofNullable(inFlight.remove(delivery.key()));
    }
}

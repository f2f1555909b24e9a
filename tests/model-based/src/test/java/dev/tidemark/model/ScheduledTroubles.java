package dev.tidemark.model;

import dev.tidemark.model.SimulatedAgenda.Actor;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/// Schedules the troubles of Exchange, the daemon, its operator and the receiver in a history.
final class ScheduledTroubles {
    private static final List<String> ENDS =
            List.of("ErrorReadEventsFailed", "ErrorMissedNotificationEvents", "ErrorSubscriptionNotFound");

    private final HistoryShape shape;
    private final SimulatedAgenda agenda;
    private final SeededDice dice;
    private final ModelExchange exchange;
    private final ModelCore core;
    private final ModelReceiver receiver;
    private final NeighborWatch neighbors;
    private Instant last = Instant.MIN;

    ScheduledTroubles(
            HistoryShape shape,
            SimulatedAgenda agenda,
            SeededDice dice,
            ModelExchange exchange,
            ModelCore core,
            ModelReceiver receiver) {
        this.shape = shape;
        this.agenda = agenda;
        this.dice = dice;
        this.exchange = exchange;
        this.core = core;
        this.receiver = receiver;
        neighbors = new NeighborWatch(agenda, exchange, core);
    }

    /// Returns the complaints about the daemon.
    List<String> complaints() {
        return neighbors.complaints();
    }

    /// Returns the end of all temporary troubles.
    Instant lastUntil() {
        return last;
    }

    void plan() {
        some(2, Actor.OPERATOR, this::kill);
        some(1, Actor.OPERATOR, this::stop);
        if (TroubleKind.DISK_FAULTS) {
            some(3, Actor.OPERATOR, this::failDisk);
        }
        some(2, Actor.EXCHANGE, this::restartServer);
        some(2, Actor.EXCHANGE, () -> {
            dice.count(TroubleKind.MAILBOX_MOVED);
            exchange.move(anyMailbox());
        });
        some(2, Actor.EXCHANGE, () -> {
            dice.count(TroubleKind.SUBSCRIPTION_FAILED_BY_CALLBACK);
            exchange.failSubscriptions(anyMailbox(), dice.oneOf(ENDS));
        });
        some(1, Actor.EXCHANGE, this::deny);
        some(dice.allows(TroubleKind.MAILBOX_FORBIDDEN) ? 1 : 0, Actor.EXCHANGE, this::forbid);
        some(dice.allows(TroubleKind.PAGE_REPEATED) ? 2 : 0, Actor.EXCHANGE, this::stick);
        some(2, Actor.OPERATOR, this::pause);
        some(1, Actor.OPERATOR, this::remove);
        some(1, Actor.OPERATOR, this::resync);
        some(2, Actor.EXCHANGE, this::sinkDown);
    }

    private void some(int limit, Actor actor, Runnable work) {
        IntStream.range(0, dice.below(limit + 1))
                .forEach(ignored -> agenda.after(dice.delayWithin(shape.span()), actor, work));
    }

    private ModelMailbox anyMailbox() {
        return dice.oneOf(List.copyOf(exchange.mailboxes()));
    }

    /// Fails some writes and forces in a row, soon after each other or until the disk is repaired.
    private void failDisk() {
        dice.count(TroubleKind.DISK_FAILED);
        core.failDisk(dice.below(12), 1 + dice.below(dice.oneIn(4) ? 1000 : 4));
        later(dice.upTo(Duration.ofHours(1)), Actor.OPERATOR, core::healDisk);
    }

    private void restartServer() {
        dice.count(TroubleKind.SERVER_RESTARTED);
        exchange.restartServer();
    }

    private void deny() {
        deny(anyMailbox());
    }

    private void deny(ModelMailbox mailbox) {
        exchange.refusals().deny(mailbox, true);
        later(
                dice.upTo(Duration.ofDays(1)),
                Actor.EXCHANGE,
                () -> exchange.refusals().deny(mailbox, false));
    }

    private void forbid() {
        var mailbox = anyMailbox();
        exchange.refusals().forbid(mailbox, true);
        exchange.forget(mailbox);
        exchange.mailboxes().stream()
                .filter(other -> other != mailbox)
                .findFirst()
                .ifPresent(neighbors::begin);
        later(
                dice.upTo(Duration.ofDays(1)),
                Actor.EXCHANGE,
                () -> exchange.refusals().forbid(mailbox, false));
    }

    /// Makes pages repeat and starts a resync, which requests pages.
    private void stick() {
        var mailbox = anyMailbox();
        exchange.stuck().begin(mailbox, dice.oneIn(2));
        exchange.move(mailbox);
        later(
                dice.upTo(Duration.ofHours(12)),
                Actor.EXCHANGE,
                () -> exchange.stuck().end(mailbox));
    }

    /// Schedules work that must be over before the failures end.
    private void later(Duration delay, Actor actor, Runnable work) {
        var end = agenda.now().plus(delay);
        last = end.isAfter(last) ? end : last;
        agenda.after(delay, actor, work);
    }

    /// Returns a duration, which sometimes exceeds a watermark's lifetime.
    private Duration spell(Duration limit) {
        return shape.outlivesWatermark() && dice.oneIn(6) ? Duration.ofDays(33) : dice.upTo(limit);
    }

    private void pause() {
        dice.count(TroubleKind.MAILBOX_PAUSED);
        var mailbox = anyMailbox();
        core.operate(mailbox.address(), (store, id) -> store.mailboxes().pause(id));
        later(spell(Duration.ofDays(3)), Actor.OPERATOR, () -> {
            if (dice.oneIn(4)) {
                deny(mailbox);
            }
            core.operate(mailbox.address(), (store, id) -> store.mailboxes().resume(id));
        });
    }

    private void remove() {
        dice.count(TroubleKind.MAILBOX_REMOVED);
        var address = anyMailbox().address();
        core.operate(address, (store, id) -> store.mailboxes().remove(id));
        later(spell(Duration.ofDays(3)), Actor.OPERATOR, () -> core.enrol(address));
    }

    /// Requests a resync as an operator would.
    void resync() {
        dice.count(TroubleKind.RESYNC_ASKED_FOR);
        core.operate(
                anyMailbox().address(),
                (store, id) -> store.subscriptions()
                        .scheduleCompensation(
                                id,
                                new PendingCompensation(SubscribeReason.OPERATOR, agenda.now(), true, "asked for")));
    }

    private void sinkDown() {
        dice.count(TroubleKind.SINK_DOWN);
        receiver.down(true);
        later(dice.upTo(Duration.ofDays(2)), Actor.EXCHANGE, () -> receiver.down(false));
    }

    private void kill() {
        if (core.lives()) {
            dice.count(TroubleKind.DAEMON_KILLED);
            core.kill();
            restartLater();
        }
    }

    /// Returns whether the daemon that waits for a response is dead, for this or an earlier reason.
    boolean diesInRequest() {
        if (core.lives() && dice.strikes(TroubleKind.DAEMON_KILLED_IN_REQUEST, 5)) {
            core.kill();
            restartLater();
        }
        return !core.lives();
    }

    private void stop() {
        if (core.lives()) {
            dice.count(TroubleKind.DAEMON_STOPPED);
            core.stop();
            restartLater();
        }
    }

    private void restartLater() {
        var weeks = shape.outlivesWatermark() && dice.strikes(TroubleKind.DAEMON_DOWN_FOR_WEEKS, 60);
        var down = weeks ? Duration.ofDays(32) : dice.upTo(Duration.ofHours(dice.oneIn(3) ? 48 : 1));
        later(down.plusSeconds(1), Actor.OPERATOR, this::startAgain);
        if (weeks && dice.oneIn(2)) {
            agenda.after(down, Actor.OPERATOR, this::deny);
        }
    }

    void startAgain() {
        if (!core.lives()) {
            core.start();
        }
        if (!core.lives()) {
            later(Duration.ofMinutes(1), Actor.OPERATOR, this::startAgain);
        }
    }
}

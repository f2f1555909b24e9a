package dev.tidemark.forwarder;

import dev.tidemark.forwarder.backlog.PendingDelivery;
import dev.tidemark.forwarder.backlog.SinkEventFilter;
import dev.tidemark.forwarder.backlog.SinkStats;
import dev.tidemark.forwarder.backlog.SinkWriteBuffer;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.store.ReplayStore;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkReplay;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What an operator wants a sink to get once more: parts of the journal, and dead letters. Their order per
/// mailbox is kept among themselves. What is under way is known to the store, so that a restart goes on with
/// it. Used by one thread.
final class ReplayBacklog {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayBacklog.class);
    private static final Duration SAVE_EVERY = Duration.ofMillis(750);
    private static final int PAGE = 256;

    /// Tries of an event before it is a dead letter, and the pause between them.
    private static final int MAX_ATTEMPTS = 3;

    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    private final SinkConfig config;
    private final SinkEventFilter routing;
    private final SinkWriteBuffer ledger;
    private final ReplayStore replays;
    private final SinkStats tally;
    private final DeadLetterReplayQueue letters;

    /// How often an event was refused for its own sake; tries that failed by the sink's fault cost it nothing.
    private final Map<PendingDelivery.Key, Integer> refusals = new HashMap<>();

    private Optional<ReplayRun> run = Optional.empty();
    private boolean reloadReplays = true;
    private boolean checkCancelled;
    private Instant notBefore = Instant.MIN;
    private Instant savedAt = Instant.MIN;

    ReplayBacklog(
            SinkConfig config, SinkEventFilter routing, SinkWriteBuffer ledger, ReplayStore replays, SinkStats tally) {
        this.config = config;
        this.routing = routing;
        this.ledger = ledger;
        this.replays = replays;
        this.tally = tally;
        this.letters = new DeadLetterReplayQueue(ledger, replays);
    }

    /// There may be something new in the store, or something gone.
    void reload() {
        reloadReplays = true;
        checkCancelled = true;
        letters.reload();
    }

    /// Whether there is something that waits for its turn, now or later.
    boolean isIdle() {
        return !reloadReplays && run.isEmpty() && letters.isIdle();
    }

    /// The next events to send together; none if there are none to send now.
    List<PendingDelivery> next(Instant now) {
        return next(now, config.pace().batch());
    }

    /// The next event to try a sink with that is not active.
    Optional<PendingDelivery> probe(Instant now) {
        return next(now, 1).stream().findFirst();
    }

    private List<PendingDelivery> next(Instant now, int most) {
        if (notBefore.isAfter(now)) {
            return List.of();
        }
        return letters.next().map(List::of).orElseGet(() -> nextOfReplay(now, most));
    }

    private List<PendingDelivery> nextOfReplay(Instant now, int most) {
        if (checkCancelled) {
            run.filter(current -> !isInStore(current)).ifPresent(ReplayRun::cancel);
            checkCancelled = false;
        }
        if (run.isEmpty() && reloadReplays) {
            run = replays.running(config.name()).stream().findFirst().map(this::begin);
            reloadReplays = run.isPresent();
        }
        if (run.isEmpty()) {
            return List.of();
        }
        var current = run.get();
        current.fill(ledger::read, this::isWanted, PAGE);
        if (current.isDone()) {
            end(current);
            return nextOfReplay(now, most);
        }
        return current.poll(most, now);
    }

    private boolean isInStore(ReplayRun current) {
        return replays.running(config.name()).stream()
                .anyMatch(replay -> replay.id().equals(current.replay().id()));
    }

    private void end(ReplayRun current) {
        replays.end(current.replay().id());
        run = Optional.empty();
        refusals.clear();
        LOG.info("Replay {} for sink {} {}", current.replay().id(), config.name(), current.outcome());
    }

    private ReplayRun begin(SinkReplay replay) {
        LOG.info(
                "Replay {} for sink {} goes from {} to {}",
                replay.id(),
                config.name(),
                replay.after().next().value(),
                replay.upTo().value());
        return new ReplayRun(replay, config.ordering());
    }

    private boolean isWanted(SinkReplay replay, JournalEvent event) {
        return routing.matches(event) && ReplayRequest.matches(replay, event);
    }

    void onDelivered(List<PendingDelivery> deliveries) {
        deliveries.stream().filter(delivery -> !letters.onDelivered(delivery)).forEach(this::done);
    }

    void requeue(List<PendingDelivery> deliveries) {
        for (var delivery : deliveries.reversed()) {
            if (!letters.requeue(delivery)) {
                run.ifPresent(current -> current.requeue(delivery));
            }
        }
    }

    void pause(Instant until) {
        notBefore = until;
    }

    /// An event was refused for its own sake. After a few tries it is a dead letter, or stays one.
    void onRefused(
            PendingDelivery delivery, DeliveryOutcome.EventFailed failed, EventFailurePolicy failures, Instant now) {
        if (letters.onRefused(delivery, failed.reason(), now)) {
            return;
        }
        if (refusals.merge(delivery.key(), 1, Integer::sum) < MAX_ATTEMPTS) {
            run.ifPresent(current -> current.requeue(delivery));
            pause(failed.notBefore().orElse(now.plus(RETRY_DELAY)));
        } else {
            var dead = failures.deadLetter(
                    delivery, failed.reason(), delivery.trial().requests(), now);
            ledger.restoreDeadLetter(dead.letter());
            tally.deadLetters.increment();
            dead.notice().ifPresent(ledger::enqueueInstanceEvent);
            done(delivery);
        }
    }

    private void done(PendingDelivery delivery) {
        refusals.remove(delivery.key());
        run.ifPresent(current -> current.done(delivery));
    }

    /// When there may be something to send that nothing else announces.
    Instant nextDue(Instant now) {
        if (isIdle()) {
            return Instant.MAX;
        }
        if (notBefore.isAfter(now)) {
            return notBefore;
        }
        return run.map(current -> current.nextDue(now)).orElse(Instant.MAX);
    }

    /// Saves how far the replay is; returns when that is to be done next.
    Instant saveIfDue(Instant now) {
        if (run.isEmpty() || !run.get().isChanged()) {
            return Instant.MAX;
        }
        if (savedAt.isBefore(now.minus(SAVE_EVERY))) {
            save();
            savedAt = now;
            return Instant.MAX;
        }
        return savedAt.plus(SAVE_EVERY).plusMillis(1);
    }

    void save() {
        run.filter(ReplayRun::isChanged)
                .map(ReplayRun::checkpoint)
                .ifPresent(saved ->
                        replays.advance(saved.id(), saved.after(), saved.count().done()));
    }
}

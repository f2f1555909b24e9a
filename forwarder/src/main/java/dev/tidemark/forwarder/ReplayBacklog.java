package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.forwarder.routing.SinkEventFilter;
import dev.tidemark.store.ReplayStore;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkReplay;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Source of events that an operator replays to a sink: parts of the journal, and dead letters. Keeps the order
/// per mailbox within the replay. Stores its progress, so a restart resumes it. Not thread-safe; guarded by the
/// sink's lock.
final class ReplayBacklog {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayBacklog.class);
    private static final Duration SAVE_EVERY = Duration.ofMillis(750);
    private static final int PAGE = 256;

    /// Attempts before an event becomes a dead letter, and the delay between them.
    private static final int MAX_ATTEMPTS = 3;

    private static final Duration RETRY_DELAY = Duration.ofSeconds(5);

    private final SinkConfig config;
    private final SinkEventFilter filter;
    private final SinkWriteBuffer buffer;
    private final ReplayStore replays;
    private final SinkStats stats;
    private final DeadLetterReplayQueue letters;

    /// Refusals per event. Failures of the sink do not count.
    private final Map<JournalPosition, Integer> refusals = new HashMap<>();

    private Optional<ReplayRun> run = Optional.empty();
    private boolean reloadReplays;
    private boolean checkCancelled;
    private Instant notBefore = Instant.MIN;
    private Instant savedAt = Instant.MIN;

    ReplayBacklog(
            SinkConfig config, SinkEventFilter filter, SinkWriteBuffer buffer, ReplayStore replays, SinkStats stats) {
        this.config = config;
        this.filter = filter;
        this.buffer = buffer;
        this.replays = replays;
        this.stats = stats;
        this.letters = new DeadLetterReplayQueue(buffer, replays);
        this.reloadReplays = buffer.isFirst();
    }

    /// Reads replays from the store again, because one was added or canceled.
    void reload() {
        reloadReplays = true;
        checkCancelled = true;
        letters.reload();
    }

    /// Returns true if no event waits for a replay, now or later.
    boolean isIdle() {
        return !reloadReplays && run.isEmpty() && letters.isIdle();
    }

    /// Returns the next events to send together; empty if none can be sent now.
    List<PendingDelivery> next(Instant now) {
        return next(now, config.pace().batch());
    }

    /// Returns the next event to probe the sink with.
    Optional<PendingDelivery> probe(Instant now) {
        return next(now, 1).stream().findFirst();
    }

    private List<PendingDelivery> next(Instant now, int max) {
        if (notBefore.isAfter(now)) {
            return List.of();
        }
        var next = nextOrForgotten(now, max);
        while (next.stream().anyMatch(this::isForgotten)) {
            var kept = next.stream().filter(delivery -> !isForgotten(delivery)).toList();
            onDelivered(next.stream().filter(this::isForgotten).toList());
            next = kept.isEmpty() ? nextOrForgotten(now, max) : kept;
        }
        return next;
    }

    /// An event that was read or recalled before its mailbox was forgotten is not sent.
    private boolean isForgotten(PendingDelivery delivery) {
        return delivery.event().isForgotten(buffer.forgotten());
    }

    private List<PendingDelivery> nextOrForgotten(Instant now, int max) {
        return letters.next().map(List::of).orElseGet(() -> nextOfReplay(now, max));
    }

    private List<PendingDelivery> nextOfReplay(Instant now, int max) {
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
        current.fill(buffer::read, this::matches, PAGE);
        if (current.isDone()) {
            end(current);
            return nextOfReplay(now, max);
        }
        return current.poll(max, now);
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
                "Replay {} for sink {} starts at position {} and ends at {}",
                replay.id(),
                config.name(),
                replay.after().next().value(),
                replay.upTo().value());
        return new ReplayRun(replay, config.ordering());
    }

    private boolean matches(SinkReplay replay, JournalEvent event) {
        return filter.matches(event) && ReplayRequest.matches(replay, event);
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

    /// Handles an event that failed by its own fault. After a few attempts it becomes or remains a dead letter.
    void onRefused(
            PendingDelivery delivery, DeliveryOutcome.EventFailed failed, EventFailurePolicy failures, Instant now) {
        if (letters.onRefused(delivery, failed, now)) {
            return;
        }
        if (refusals.merge(delivery.position(), 1, Integer::sum) < MAX_ATTEMPTS) {
            run.ifPresent(current -> current.requeue(delivery));
            pause(failed.notBefore().orElse(now.plus(RETRY_DELAY)));
        } else {
            var dead = failures.deadLetter(delivery, failed, delivery.trial().requests(), now);
            buffer.restoreDeadLetter(dead.letter());
            stats.deadLetters.increment();
            dead.notice().ifPresent(buffer::enqueueInstanceEvent);
            done(delivery);
        }
    }

    private void done(PendingDelivery delivery) {
        refusals.remove(delivery.position());
        run.ifPresent(current -> current.done(delivery));
    }

    /// Returns the time of the next event that no other wakeup covers.
    Instant nextDue(Instant now) {
        if (isIdle()) {
            return Instant.MAX;
        }
        if (notBefore.isAfter(now)) {
            return notBefore;
        }
        return run.map(current -> current.nextDue(now)).orElse(Instant.MAX);
    }

    /// Saves the progress of the replay if due; returns the time of the next save.
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

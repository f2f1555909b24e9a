package dev.tidemark.forwarder;

import dev.tidemark.forwarder.SinkState.Active;
import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// State of one sink. Each step does what is due and returns the time of the next step; no method waits.
/// [SinkWorker] calls it under the sink's lock. Not thread-safe, except [#stop].
final class SinkController {
    private final SinkBacklog backlog;
    private final ReplayBacklog replays;
    private final SinkHealthTracker health;
    private final SinkWriteBuffer buffer;
    private final DeliveryDispatcher dispatcher;
    private final DeliveryOutcomeHandler outcomes;
    private final Clock clock;
    private final UnattributedFailures suspects = new UnattributedFailures();
    private boolean moreToRead;
    private volatile boolean stopping;

    /// Sources of events to send.
    record Sources(SinkBacklog backlog, ReplayBacklog replays) {}

    /// @param sender sends a request; its result comes back through [#onResult]
    SinkController(
            Sources sources,
            SinkHealthTracker health,
            SinkWriteBuffer buffer,
            EventFailurePolicy failures,
            Consumer<DeliveryBatch> sender,
            Clock clock) {
        this.backlog = sources.backlog();
        this.replays = sources.replays();
        this.health = health;
        this.buffer = buffer;
        this.dispatcher = new DeliveryDispatcher(sources, health, sender);
        this.outcomes = new DeliveryOutcomeHandler(sources, health, buffer, failures);
        this.clock = clock;
    }

    /// Immutable view of the sink for other threads.
    ///
    /// @param read position up to which the journal was read
    /// @param saved position from which the sink continues when it opens again; at most `read`
    /// @param waiting events in the window, without deferred ones
    record Snapshot(
            SinkState state,
            JournalPosition read,
            JournalPosition saved,
            int waiting,
            Optional<Instant> oldest,
            Optional<String> lastError) {
        /// Returns the view of two partitions of a sink together: the worse state, and the positions of the slower one.
        Snapshot with(Snapshot other) {
            var isWorse = other.state.isWorseThan(state);
            return new Snapshot(
                    isWorse ? other.state : state,
                    earlier(read, other.read),
                    earlier(saved, other.saved),
                    waiting + other.waiting,
                    Stream.of(oldest, other.oldest).flatMap(Optional::stream).min(Instant::compareTo),
                    isWorse ? other.lastError.or(() -> lastError) : lastError.or(() -> other.lastError));
        }

        private static JournalPosition earlier(JournalPosition one, JournalPosition other) {
            return one.compareTo(other) <= 0 ? one : other;
        }
    }

    /// Does what is due: saves, resolves open failures, reads the journal, sends. Returns the time of the next
    /// step.
    ///
    /// @throws dev.tidemark.store.StoreException if the store fails; the step may be repeated
    Instant step() {
        var now = clock.instant();
        // saves first, so that a delayed thread sends nothing before its due save
        var saved = saveIfDue(now);
        if (!stopping) {
            resolveSuspectFailures(now);
            moreToRead = backlog.fill(now);
            dispatcher.dispatch(now);
        }
        var save = RetrySchedule.earlier(saved, saveIfDue(now));
        return stopping ? save : RetrySchedule.earlier(save, nextDue(now));
    }

    private Instant saveIfDue(Instant now) {
        return RetrySchedule.earlier(buffer.flushIfDue(now), replays.saveIfDue(now));
    }

    private Instant nextDue(Instant now) {
        return moreToRead ? now : RetrySchedule.earlier(suspects.expiresAt(), dispatcher.nextDue(now));
    }

    /// Returns a read of the journal to do without the lock. The caller passes the events to
    /// [#enqueueReadAhead].
    Optional<SinkJournalReader.ReadAhead> readAhead() {
        return stopping ? Optional.empty() : backlog.readAhead();
    }

    void enqueueReadAhead(SinkJournalReader.ReadAhead read, List<JournalEvent> events) {
        backlog.enqueueReadAhead(read, events, clock.instant());
    }

    /// Handles the result of a request.
    void onResult(DeliveryBatch batch, DeliveryResult result) {
        var now = clock.instant();
        dispatcher.onReturned(batch);
        var outcome = health.classify(batch, result, now);
        if (outcome instanceof DeliveryOutcome.SinkFailed failed && isSuspect(failed)) {
            health.onSuspectFailure(failed.reason());
            suspects.add(batch, failed, now);
        } else {
            outcomes.apply(batch, outcome, dispatcher.sent(), now);
        }
        resolveSuspectFailures(now);
    }

    /// Queues a request again that was not sent.
    void onWithheld(DeliveryBatch batch) {
        dispatcher.onReturned(batch);
        outcomes.requeue(batch.withoutAttempt(), clock.instant());
    }

    private boolean isSuspect(DeliveryOutcome.SinkFailed failed) {
        return failed.retryAt().isEmpty() && health.isTrusted() && !suspects.isFull();
    }

    /// Resolves failures without a known cause. A success of other deliveries blames the events; an inactive
    /// sink, or no success in time, blames the sink.
    private void resolveSuspectFailures(Instant now) {
        if (suspects.isEmpty()) {
            return;
        }
        var othersSucceed = health.othersSucceed(suspects.first().batch());
        var active = health.state() instanceof Active;
        if (!othersSucceed && active) {
            if (suspects.expiresAt().isAfter(now)) {
                return;
            }
            health.onSuspectsExpired(suspects);
        }
        for (var suspect : suspects.removeAll()) {
            if (othersSucceed) {
                outcomes.apply(suspect.batch(), suspect.ofEvent(), dispatcher.sent(), now);
            } else {
                outcomes.requeue(suspect.batch(), now);
            }
        }
    }

    /// Reads replays from the store again, after an operator's request.
    void reloadReplays() {
        replays.reload();
    }

    void enable() {
        health.enabledByOperator();
        if (!backlog.hasDeferred()) {
            health.clearEventError();
        }
    }

    void disable() {
        health.disabledByOperator(clock.instant());
    }

    /// Stops sending from the next step on. Any thread may call it.
    void stop() {
        stopping = true;
    }

    boolean isIdle() {
        return stopping && dispatcher.isIdle();
    }

    /// Saves the unsaved position and state, and the progress of a replay. The store refuses them if another node
    /// has taken the sink's lease.
    void flush() {
        buffer.flush(clock.instant());
        replays.save();
    }

    Snapshot snapshot() {
        return new Snapshot(
                health.state(),
                backlog.read(),
                backlog.saved(),
                backlog.windowSize(),
                backlog.oldest().map(JournalEvent::recordedAt),
                health.lastError(backlog.hasDeferred()));
    }
}

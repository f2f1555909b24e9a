package dev.tidemark.forwarder.backlog;

import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.time.Instant;
import java.util.Optional;

/// An event on its way to a sink.
///
/// @param lane the event's source as text
/// @param row its deferred row, if it has one
/// @param trial how often it was tried here, and since when
/// @param company how many events may be in a request with it: halved each time such a request is refused,
///     so that the event which is at fault ends up alone
public record PendingDelivery(
        JournalEvent event, String lane, Optional<DeferredDelivery> row, AttemptHistory trial, int company) {
    /// Tries of one event in memory. Those that failed by the sink's fault are in no row.
    ///
    /// @param requests sent so far
    /// @param baseline the sink's count of successes when the first was sent; negative before
    public record AttemptHistory(int requests, long baseline) {
        public static final AttemptHistory NONE = new AttemptHistory(0, -1);

        AttemptHistory withRequest(long successes) {
            return new AttemptHistory(requests + 1, baseline < 0 ? successes : baseline);
        }

        /// Once a failure is in the event's row, the tries before it still count for the number of its
        /// attempt.
        AttemptHistory withFailureCharged() {
            return new AttemptHistory(Math.max(0, requests - 1), -1);
        }
    }

    /// What an event under way is known by: dead letters of two sinks, or a replay, may hold it as well.
    public record Key(JournalPosition position) {}

    public Key key() {
        return new Key(event.position());
    }

    public static PendingDelivery of(JournalEvent event, String lane) {
        return new PendingDelivery(event, lane, Optional.empty(), AttemptHistory.NONE, Integer.MAX_VALUE);
    }

    public JournalPosition position() {
        return event.position();
    }

    /// Attempts that count against its schedule.
    public int failures() {
        return row.map(DeferredDelivery::attempts).orElse(0);
    }

    public Optional<Instant> firstFailedAt() {
        return row.flatMap(DeferredDelivery::firstFailedAt);
    }

    public boolean overtaken() {
        return row.map(DeferredDelivery::overtaken).orElse(false);
    }

    /// The number of the attempt under way, from 1.
    public int attempt() {
        return failures() + Math.max(1, trial.requests());
    }

    public PendingDelivery withAttempt(long successes) {
        return new PendingDelivery(event, lane, row, trial.withRequest(successes), company);
    }

    /// After a request of `size` events was refused, this one among them.
    public PendingDelivery withBatchSize(int size) {
        return new PendingDelivery(event, lane, row, trial, (size + 1) / 2);
    }
}

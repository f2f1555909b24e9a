package dev.tidemark.forwarder;

import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.time.Instant;
import java.util.Optional;

/// Event that a sink still has to receive.
///
/// @param lane source of the event as text
/// @param row deferred row of the event, if it has one
/// @param trial attempts in this process
/// @param maxBatchSize limit of events in its request; halved after each refused request, so that the event at
///     fault is finally sent alone
record PendingDelivery(
        JournalEvent event, String lane, Optional<DeferredDelivery> row, AttemptHistory trial, int maxBatchSize) {
    /// Attempts of an event that are only in memory; rows do not count failures of the sink.
    ///
    /// @param requests requests sent so far
    /// @param baseline the sink's count of successes at the first attempt; negative before
    public record AttemptHistory(int requests, long baseline) {
        public static final AttemptHistory NONE = new AttemptHistory(0, -1);

        AttemptHistory withRequest(long successes) {
            return new AttemptHistory(requests + 1, baseline < 0 ? successes : baseline);
        }

        /// Returns the history before the latest request, which was not sent.
        AttemptHistory withoutRequest() {
            return requests > 1 ? new AttemptHistory(requests - 1, baseline) : NONE;
        }

        /// Returns the history after a failure was recorded in the row. Earlier attempts still count for the
        /// attempt number.
        AttemptHistory withFailureCharged() {
            return new AttemptHistory(Math.max(0, requests - 1), -1);
        }
    }

    public static PendingDelivery of(JournalEvent event, String lane) {
        return new PendingDelivery(event, lane, Optional.empty(), AttemptHistory.NONE, Integer.MAX_VALUE);
    }

    public JournalPosition position() {
        return event.position();
    }

    /// Returns the failures that count against its schedule.
    public int failures() {
        return row.map(DeferredDelivery::attempts).orElse(0);
    }

    public Optional<Instant> firstFailedAt() {
        return row.flatMap(DeferredDelivery::firstFailedAt);
    }

    public boolean overtaken() {
        return row.map(DeferredDelivery::overtaken).orElse(false);
    }

    /// Returns the number of the current attempt, from 1.
    public int attempt() {
        return failures() + Math.max(1, trial.requests());
    }

    public PendingDelivery withAttempt(long successes) {
        return new PendingDelivery(event, lane, row, trial.withRequest(successes), maxBatchSize);
    }

    /// Returns the event before its latest attempt, which was not sent.
    PendingDelivery withoutAttempt() {
        return new PendingDelivery(event, lane, row, trial.withoutRequest(), maxBatchSize);
    }

    /// Returns the event with half the batch size, after a request of `size` events was refused.
    public PendingDelivery inSmallerBatch(int size) {
        return new PendingDelivery(event, lane, row, trial, (size + 1) / 2);
    }
}

package dev.tidemark.subscriber.detail;

import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.store.model.JournalPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.stream.Stream;

/// Events of one mailbox whose items must be fetched. Failed events wait in a separate queue, so they never
/// block later ones; the queues take turns. Not thread-safe; guarded by the lock of [DetailFetcher].
final class DetailBacklog {
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);

    /// Number of doublings; the longest wait is eight times the first.
    private static final int MAX_DOUBLINGS = 3;

    private static final int MAX_WORKERS = 2;

    private final Deque<Wanted> newEvents = new ArrayDeque<>();
    private final Queue<Wanted> failed = new PriorityQueue<>(Comparator.comparing(Wanted::notBefore));
    private boolean isTurnOfFailed;
    private int workers;
    private int failures;
    private Instant backoffUntil = Instant.MIN;

    /// Event whose item must be fetched.
    ///
    /// @param batchLimit limit of items in its next request
    record Wanted(JournalPosition position, Instant recordedAt, int batchLimit, int failures, Instant notBefore) {
        static Wanted of(JournalPosition position, Instant recordedAt) {
            return new Wanted(position, recordedAt, EwsRequest.MAX_ITEMS, 0, Instant.MIN);
        }

        /// Returns the event after a failure, with a longer wait each time.
        Wanted failedAt(Instant now) {
            return new Wanted(position, recordedAt, batchLimit, failures + 1, now.plus(delayAfter(failures)));
        }

        /// Returns the event after its request failed because of one of its items: due at once, in a smaller
        /// request. A failure of a larger request proves nothing about this event.
        Wanted withBatchLimit(int smallerLimit) {
            return new Wanted(
                    position, recordedAt, smallerLimit, smallerLimit < batchLimit ? 0 : failures, Instant.MIN);
        }

        /// Returns true if the event has failed in a request for it alone.
        boolean failedAlone() {
            return batchLimit == 1 && failures > 0;
        }
    }

    void add(Wanted event) {
        newEvents.add(event);
    }

    void requeue(List<Wanted> events) {
        failed.addAll(events);
    }

    /// Records a request that failed as a whole, which delays the next request of the mailbox on any thread.
    /// Failures of requests that were in flight together count once.
    void recordFailure(Instant now) {
        if (!now.isBefore(backoffUntil)) {
            backoffUntil = now.plus(delayAfter(failures));
            failures++;
        }
    }

    void recordSuccess() {
        failures = 0;
        backoffUntil = Instant.MIN;
    }

    private static Duration delayAfter(int failures) {
        return FIRST_DELAY.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
    }

    /// Counts another worker thread, if the limit permits. A second one continues while a response is missing.
    boolean tryStartWorker() {
        var starts = workers < MAX_WORKERS;
        workers += starts ? 1 : 0;
        return starts;
    }

    void endWorker() {
        workers--;
    }

    int workers() {
        return workers;
    }

    boolean hasNew() {
        return !newEvents.isEmpty();
    }

    int size() {
        return newEvents.size() + failed.size();
    }

    /// Removes the events of the next request. Returns none if all have to wait.
    List<Wanted> removeNextBatch(Instant now) {
        if (now.isBefore(backoffUntil)) {
            return List.of();
        }
        var isDue = !failed.isEmpty() && !failed.element().notBefore().isAfter(now);
        var source = isDue && (isTurnOfFailed || newEvents.isEmpty()) ? failed : newEvents;
        isTurnOfFailed = !isTurnOfFailed;
        var batch = new ArrayList<Wanted>();
        while (!source.isEmpty() && fits(source.element(), batch, now)) {
            batch.add(source.remove());
        }
        return batch;
    }

    private static boolean fits(Wanted next, List<Wanted> batch, Instant now) {
        var batchLimit = batch.isEmpty() ? next.batchLimit() : batch.getFirst().batchLimit();
        return !next.notBefore().isAfter(now) && next.batchLimit() == batchLimit && batch.size() < batchLimit;
    }

    /// Removes the events whose time is over.
    List<Wanted> removeOverdue(DetailPatience patience, Instant now) {
        var overdue = Stream.concat(
                        newEvents.stream().takeWhile(event -> patience.isOver(event.recordedAt(), now)),
                        failed.stream().filter(event -> patience.isOver(event.recordedAt(), now)))
                .toList();
        if (!overdue.isEmpty()) {
            while (!newEvents.isEmpty() && patience.isOver(newEvents.element().recordedAt(), now)) {
                newEvents.remove();
            }
            failed.removeAll(overdue);
        }
        return overdue;
    }

    /// Returns the time at which a failed event, or the mailbox after a failure, is due.
    Optional<Instant> nextDue(Instant now) {
        return now.isBefore(backoffUntil)
                ? Optional.of(backoffUntil)
                : Optional.ofNullable(failed.peek()).map(Wanted::notBefore);
    }
}

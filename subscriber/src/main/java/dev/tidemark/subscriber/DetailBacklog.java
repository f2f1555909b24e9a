package dev.tidemark.subscriber;

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

/// Events of one mailbox whose items are still to be fetched. Failed events wait aside, so they never block later
/// ones; the two take turns. Guarded by the lock of [DetailFetcher].
final class DetailBacklog {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

    /// The longest wait is eight times the first.
    private static final int MOST_DOUBLINGS = 3;

    private static final int MOST_WORKERS = 2;

    private final Deque<Wanted> fresh = new ArrayDeque<>();
    private final Queue<Wanted> failed = new PriorityQueue<>(Comparator.comparing(Wanted::notBefore));
    private boolean isFailedsTurn;
    private int workers;
    private int failures;
    private Instant restsUntil = Instant.MIN;

    /// Event whose item must be fetched.
    ///
    /// @param together limit of items in its next request
    record Wanted(JournalPosition position, Instant recordedAt, int together, int failures, Instant notBefore) {
        static Wanted of(JournalPosition position, Instant recordedAt) {
            return new Wanted(position, recordedAt, EwsRequest.MAX_ITEMS, 0, Instant.MIN);
        }

        /// Returns the event after a failure, with a longer wait each time.
        Wanted failedAt(Instant now) {
            return new Wanted(position, recordedAt, together, failures + 1, now.plus(waitAfter(failures)));
        }

        /// The same after its request failed because of one of its items: asked for again at once, with less.
        /// Failures among more say nothing of this one.
        Wanted amongFewer(int fewer) {
            return new Wanted(position, recordedAt, fewer, fewer < together ? 0 : failures, Instant.MIN);
        }

        /// Returns true if it was asked for alone before, and has waited since.
        boolean failedAlone() {
            return together == 1 && failures > 0;
        }
    }

    void add(Wanted event) {
        fresh.add(event);
    }

    void putBack(List<Wanted> events) {
        failed.addAll(events);
    }

    /// Counts a request that failed as a whole: the mailbox's next request, of any thread, waits for that. Requests
    /// that were in flight together count once.
    void rests(Instant now) {
        if (!now.isBefore(restsUntil)) {
            restsUntil = now.plus(waitAfter(failures));
            failures++;
        }
    }

    void works() {
        failures = 0;
        restsUntil = Instant.MIN;
    }

    private static Duration waitAfter(int failures) {
        return FIRST_WAIT.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
    }

    /// Counts one more thread that works on this mailbox, unless there are as many as may be: a second one goes on
    /// while a response does not come.
    boolean startsWorker() {
        var starts = workers < MOST_WORKERS;
        workers += starts ? 1 : 0;
        return starts;
    }

    void endsWorker() {
        workers--;
    }

    int workers() {
        return workers;
    }

    boolean hasFresh() {
        return !fresh.isEmpty();
    }

    int size() {
        return fresh.size() + failed.size();
    }

    /// Takes the events of the next request; none if all have to wait.
    List<Wanted> next(Instant now) {
        if (now.isBefore(restsUntil)) {
            return List.of();
        }
        var isDue = !failed.isEmpty() && !failed.element().notBefore().isAfter(now);
        var source = isDue && (isFailedsTurn || fresh.isEmpty()) ? failed : fresh;
        isFailedsTurn = !isFailedsTurn;
        var batch = new ArrayList<Wanted>();
        while (!source.isEmpty() && fits(source.element(), batch, now)) {
            batch.add(source.remove());
        }
        return batch;
    }

    private static boolean fits(Wanted next, List<Wanted> batch, Instant now) {
        var together = batch.isEmpty() ? next.together() : batch.getFirst().together();
        return !next.notBefore().isAfter(now) && next.together() == together && batch.size() < together;
    }

    /// Takes the events that are not awaited any more.
    List<Wanted> takeOverdue(DetailPatience patience, Instant now) {
        var overdue = Stream.concat(
                        fresh.stream().takeWhile(event -> patience.isOver(event.recordedAt(), now)),
                        failed.stream().filter(event -> patience.isOver(event.recordedAt(), now)))
                .toList();
        if (!overdue.isEmpty()) {
            while (!fresh.isEmpty() && patience.isOver(fresh.element().recordedAt(), now)) {
                fresh.remove();
            }
            failed.removeAll(overdue);
        }
        return overdue;
    }

    /// Returns when the first of those that failed may be asked for again, or the mailbox may be after a rest.
    Optional<Instant> nextDue(Instant now) {
        return now.isBefore(restsUntil)
                ? Optional.of(restsUntil)
                : Optional.ofNullable(failed.peek()).map(Wanted::notBefore);
    }
}

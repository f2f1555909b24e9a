package dev.tidemark.subscriber.connection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/// A clock that moves only when told to, and rings the alarms that it passes, in the thread that moves it.
/// Safe for use by many threads.
public final class SteppedTimeline extends Clock implements MonotonicTicker {
    private record Entry(Instant due, long number, Runnable task) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::due).thenComparingLong(Entry::number));
    private Instant now;
    private long number;

    SteppedTimeline(Instant start) {
        now = start;
    }

    @Override
    public long nanoTime() {
        return Duration.between(Instant.EPOCH, instant()).toNanos();
    }

    @Override
    public synchronized void schedule(Duration delay, Runnable task) {
        entries.add(new Entry(now.plus(delay), number++, task));
    }

    void advance(Duration by) {
        var end = instant().plus(by);
        while (passNext(end)) {
            // each at its time
        }
        set(end);
    }

    /// Moves to the next alarm that is due by then, and rings it. False if there is none.
    boolean passNext(Instant end) {
        var next = take(end);
        next.ifPresent(Runnable::run);
        return next.isPresent();
    }

    private synchronized Optional<Runnable> take(Instant end) {
        var first = entries.peek();
        if (first == null || first.due().isAfter(end)) {
            return Optional.empty();
        }
        entries.remove();
        set(first.due());
        return Optional.of(first.task());
    }

    private synchronized void set(Instant instant) {
        now = instant.isAfter(now) ? instant : now;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("Nothing here has a zone.");
    }
}

package dev.tidemark.subscriber.connection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/// Clock and timers that a test advances. Runs due timers on the thread that advances it. Thread-safe.
public final class SteppedTimeline extends Clock implements MonotonicTicker {
    private record Entry(Instant due, long number, Runnable task) {}

    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::due).thenComparingLong(Entry::number));
    private Instant now;
    private long number;

    public SteppedTimeline(Instant start) {
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
            // each task runs at its due time
        }
        set(end);
    }

    /// Advances to the next timer due by `end` and runs it. Returns false if there is none.
    public boolean passNext(Instant end) {
        var next = removeDue(end);
        next.ifPresent(Runnable::run);
        return next.isPresent();
    }

    private synchronized Optional<Runnable> removeDue(Instant end) {
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

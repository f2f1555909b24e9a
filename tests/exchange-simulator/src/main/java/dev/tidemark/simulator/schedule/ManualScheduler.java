package dev.tidemark.simulator.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/// Scheduler whose time moves only when a test moves it. Runs each task in the moving thread, at its due time.
/// Thread-safe.
public final class ManualScheduler implements SimulatorScheduler {
    private final PriorityQueue<Entry> entries =
            new PriorityQueue<>(Comparator.comparing(Entry::due).thenComparingLong(Entry::number));
    private Instant now;
    private long number;

    public ManualScheduler(Instant start) {
        now = start;
    }

    /// Moves the clock to each task's due time in turn, and then to the end of the interval.
    public void advance(Duration interval) {
        advance(interval, () -> {});
    }

    @Override
    public void advance(Duration interval, Runnable settle) {
        var end = clock().instant().plus(interval);
        settle.run();
        for (var task = pollDue(end); task.isPresent(); task = pollDue(end)) {
            task.get().run();
            settle.run();
        }
        set(end);
    }

    @Override
    public Clock clock() {
        return new ManualClock();
    }

    @Override
    public synchronized void at(Instant due, Runnable task) {
        entries.add(new Entry(due, number++, task));
    }

    @Override
    public synchronized void close() {
        entries.clear();
    }

    private synchronized Optional<Runnable> pollDue(Instant end) {
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

    private synchronized Instant now() {
        return now;
    }

    private record Entry(Instant due, long number, Runnable task) {}

    private final class ManualClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now();
        }
    }
}

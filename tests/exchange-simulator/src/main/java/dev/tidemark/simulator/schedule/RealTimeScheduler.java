package dev.tidemark.simulator.schedule;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Scheduler in real time, whose clock can also be moved forward. It uses one platform thread, because its tasks
/// only hand work over. Thread-safe.
public final class RealTimeScheduler implements SimulatorScheduler {
    private static final Logger log = LoggerFactory.getLogger(RealTimeScheduler.class);

    private record Entry(Instant due, long number, Runnable task) {}

    private final OffsetClock clock;
    private final ScheduledThreadPoolExecutor timer;
    private final AtomicLong number = new AtomicLong();
    private final NavigableMap<Entry, Future<?>> entries =
            new ConcurrentSkipListMap<>(Comparator.comparing(Entry::due).thenComparingLong(Entry::number));
    private volatile Duration moved = Duration.ZERO;

    public RealTimeScheduler(Clock real) {
        clock = new OffsetClock(real, () -> moved);
        timer = new ScheduledThreadPoolExecutor(1, RealTimeScheduler::daemon);
        timer.setRemoveOnCancelPolicy(true);
    }

    private static Thread daemon(Runnable work) {
        var thread = new Thread(work, "simulator-scheduler");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public void at(Instant due, Runnable task) {
        schedule(new Entry(due, number.incrementAndGet(), task));
    }

    private synchronized void schedule(Entry entry) {
        var delay = Math.max(0, Duration.between(clock.instant(), entry.due()).toNanos());
        try {
            entries.put(entry, timer.schedule(() -> fire(entry), delay, TimeUnit.NANOSECONDS));
        } catch (RejectedExecutionException closed) {
            log.debug("Ignored a task after the end", closed);
        }
    }

    private void fire(Entry entry) {
        if (taken(entry)) {
            guarded(entry.task());
        }
    }

    /// Removes an entry. Returns false if another thread has run it.
    private synchronized boolean taken(Entry entry) {
        var future = entries.remove(entry);
        if (future != null) {
            future.cancel(false);
        }
        return future != null;
    }

    /// Moves the clock to each task's due time in turn, and then to the end of the interval.
    @Override
    public void advance(Duration interval, Runnable settle) {
        var end = clock.instant().plus(interval);
        settle.run();
        for (var next = firstUntil(end); next.isPresent(); next = firstUntil(end)) {
            moveTo(next.get().due());
            fire(next.get());
            settle.run();
        }
        moveTo(end);
        rearm();
    }

    private Optional<Entry> firstUntil(Instant end) {
        return Optional.ofNullable(entries.firstEntry())
                .map(Map.Entry::getKey)
                .filter(entry -> !entry.due().isAfter(end));
    }

    private void moveTo(Instant instant) {
        var ahead = Duration.between(clock.instant(), instant);
        if (ahead.compareTo(Duration.ZERO) > 0) {
            moved = moved.plus(ahead);
        }
    }

    /// Starts the timers again, which still wait for the former distance.
    private void rearm() {
        for (var entry : entries.keySet()) {
            if (taken(entry)) {
                schedule(entry);
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("A task of the simulator failed; the others continue", e);
        }
    }
}

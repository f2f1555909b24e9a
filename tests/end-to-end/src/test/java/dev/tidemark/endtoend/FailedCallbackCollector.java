package dev.tidemark.endtoend;

import dev.tidemark.simulator.CallbackLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Collects the callbacks that the listener did not acknowledge, while the log of the simulator drops old ones.
final class FailedCallbackCollector implements AutoCloseable {
    private final CallbackLog log;
    private final List<String> failed = new CopyOnWriteArrayList<>();
    private final List<Duration> durations = new ArrayList<>();
    private final Thread thread = Thread.ofVirtual().name("failed-callbacks").unstarted(this::collect);
    private volatile long seen;
    private int reported;

    private FailedCallbackCollector(CallbackLog log, long seen) {
        this.log = log;
        this.seen = seen;
    }

    static FailedCallbackCollector start(CallbackLog log) {
        return start(log, 0);
    }

    /// Collects the callbacks after this number.
    static FailedCallbackCollector start(CallbackLog log, long after) {
        var collector = new FailedCallbackCollector(log, after);
        collector.thread.start();
        return collector;
    }

    private void collect() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                for (var attempt : log.after(seen, Duration.ofSeconds(1))) {
                    seen = attempt.number();
                    addDuration(attempt.duration());
                    if (!attempt.acknowledged()) {
                        failed.add(attempt.at() + " " + attempt.mailbox() + " got " + attempt.status() + " after "
                                + attempt.duration() + " " + attempt.problem());
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void addDuration(Duration duration) {
        durations.add(duration);
    }

    /// Returns the time within which this share of the attempts ended.
    synchronized Duration percentile(int percent) {
        return percentile(durations, percent);
    }

    /// Returns the same of the attempts since the last call.
    synchronized Duration percentileOfNew(int percent) {
        var added = durations.subList(reported, durations.size());
        reported = durations.size();
        return percentile(added, percent);
    }

    private static Duration percentile(List<Duration> durations, int percent) {
        var sorted = durations.stream().sorted().toList();
        return sorted.isEmpty() ? Duration.ZERO : sorted.get((sorted.size() - 1) * percent / 100);
    }

    List<String> failed() {
        return List.copyOf(failed);
    }

    /// Returns the number of callbacks so far.
    long count() {
        return seen;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}

package dev.tidemark.daemon.activity;

import dev.tidemark.daemon.activity.ActivityReading.SinkReading;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.store.Journal;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Remembers the activity of the last hour in memory, one sample per minute. Its own thread reads the counters of the
/// modules; requests read the samples. Holds at most [#MAX_SAMPLES] samples, whatever the load. Thread-safe.
public final class ActivityRecorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ActivityRecorder.class);
    private static final long INTERVAL_SECONDS = 60;
    static final int MAX_SAMPLES = 60;

    private final Supplier<ActivityReading> counters;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("activity").unstarted(this::run);
    private final Deque<ActivitySample> samples = new ArrayDeque<>();
    private ActivityReading last;

    ActivityRecorder(Supplier<ActivityReading> counters) {
        this.counters = counters;
        this.last = counters.get();
    }

    /// Starts to record.
    public static ActivityRecorder start(
            CallbackListener listener, EventForwarder forwarder, Journal journal, Clock clock) {
        var recorder = new ActivityRecorder(() -> read(listener, forwarder, journal, clock));
        recorder.thread.start();
        return recorder;
    }

    private static ActivityReading read(
            CallbackListener listener, EventForwarder forwarder, Journal journal, Clock clock) {
        var callbacks = listener.counters();
        return new ActivityReading(
                clock.instant(),
                callbacks.received(),
                journal.end().value(),
                callbacks.acknowledgements(),
                forwarder.counters().entrySet().stream()
                        .collect(Collectors.toMap(
                                each -> each.getKey().value(),
                                each -> new SinkReading(
                                        each.getValue().delivered(),
                                        each.getValue().lag()))));
    }

    private void run() {
        try {
            while (!stopped.await(INTERVAL_SECONDS, TimeUnit.SECONDS)) {
                sample();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends the current sample and begins the next one.
    synchronized void sample() {
        try {
            var now = counters.get();
            samples.addLast(ActivitySample.between(last, now));
            last = now;
            while (samples.size() > MAX_SAMPLES) {
                samples.removeFirst();
            }
        } catch (RuntimeException unreadable) {
            LOG.warn("Failed to read the activity; adding it to the next sample: {}", unreadable.toString());
        }
    }

    /// Returns the fields of the JSON object: the samples, oldest first. The last one is of the current minute so far.
    public synchronized Map<String, Object> tree() {
        var all = new ArrayList<>(samples);
        all.add(ActivitySample.between(last, counters.get()));
        List<Map<String, Object>> trees = all.stream().map(ActivitySample::tree).toList();
        return Map.of("samples", trees);
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}

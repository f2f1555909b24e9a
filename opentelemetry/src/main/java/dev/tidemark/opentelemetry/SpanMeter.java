package dev.tidemark.opentelemetry;

import dev.tidemark.tracing.EventTracer.SpanCounts;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts spans, limits those that wait, and logs once that the collector loses them and once that it works again.
/// Thread-safe.
final class SpanMeter {
    private static final Logger LOG = LoggerFactory.getLogger(SpanMeter.class);

    private final URI endpoint;
    private final int maxWaiting;
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongAdder exported = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final AtomicBoolean isFailing = new AtomicBoolean();
    private final AtomicBoolean isOverflowing = new AtomicBoolean();

    SpanMeter(URI endpoint, int maxWaiting) {
        this.endpoint = endpoint;
        this.maxWaiting = maxWaiting;
    }

    /// Returns true if another span may wait. The caller then passes it on; otherwise it is lost.
    boolean admit() {
        if (waiting.incrementAndGet() <= maxWaiting) {
            return true;
        }
        waiting.decrementAndGet();
        lost.increment();
        if (!isFailing.get() && isOverflowing.compareAndSet(false, true)) {
            LOG.warn(
                    "Losing spans: the collector at {} does not keep up and {} spans wait; lower tracing.sample or give"
                            + " the collector more capacity",
                    endpoint,
                    maxWaiting);
        }
        return false;
    }

    void recordExported(int spans) {
        waiting.addAndGet(-spans);
        exported.add(spans);
        if (isFailing.compareAndSet(true, false)) {
            LOG.info("The collector at {} accepts spans again", endpoint);
        }
        if (waiting.get() < maxWaiting / 2) {
            isOverflowing.set(false);
        }
    }

    void recordLost(int spans, String cause) {
        waiting.addAndGet(-spans);
        lost.add(spans);
        if (isFailing.compareAndSet(false, true)) {
            LOG.warn(
                    "Losing spans: the collector at {} does not accept them: {}; check tracing.endpoint, tracing.headers"
                            + " and the collector",
                    endpoint,
                    cause);
        }
    }

    SpanCounts counts() {
        return new SpanCounts(exported.sum(), lost.sum());
    }
}

package dev.tidemark.forwarder;

import dev.tidemark.store.model.SinkName;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Back-off of a sink whose steps fail: doubles from 1 s to 30 s until a step succeeds. [SinkWorker] asks it
/// before each step. Not thread-safe; guarded by the sink's lock.
final class StepBackoff {
    private static final Logger LOG = LoggerFactory.getLogger(StepBackoff.class);
    private static final long MIN_SECONDS = 1;
    private static final long MAX_SECONDS = 30;

    private final SinkName sink;
    /// Zero after a successful step.
    private Duration delay = Duration.ZERO;

    private Instant resumeAt = Instant.MIN;

    StepBackoff(SinkName sink) {
        this.sink = sink;
    }

    boolean isWaiting(Instant now) {
        return now.isBefore(resumeAt);
    }

    Instant resumeAt() {
        return resumeAt;
    }

    void onSuccess() {
        if (delay.isPositive()) {
            LOG.info("Sink {} continues", sink);
        }
        delay = Duration.ZERO;
    }

    /// Returns the time of the next attempt.
    Instant onFailure(RuntimeException failure, Instant now) {
        if (delay.isZero()) {
            LOG.warn("Sink {} failed to continue; retrying at least every {} s", sink, MAX_SECONDS, failure);
        }
        var doubled = Math.max(MIN_SECONDS, 2 * delay.toSeconds());
        delay = Duration.ofSeconds(Math.min(MAX_SECONDS, doubled));
        resumeAt = now.plus(delay);
        return resumeAt;
    }
}

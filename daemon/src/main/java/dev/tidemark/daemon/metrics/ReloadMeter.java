package dev.tidemark.daemon.metrics;

import java.time.Clock;
import java.time.Instant;

/// Result of the newest reload of the configuration. The reload reports to it; the start counts as a successful one.
/// Thread-safe.
public final class ReloadMeter implements MetricSource {
    private static final double MILLIS_PER_SECOND = 1000.0;

    private final Clock clock;
    private Instant lastSuccess;
    private boolean isSuccessful = true;

    public ReloadMeter(Clock clock) {
        this.clock = clock;
        this.lastSuccess = clock.instant();
    }

    /// Records the result of a reload.
    ///
    /// @param success true if the configuration in use is the one in the file; false if the file is faulty, and the
    ///     previous configuration remains in use
    public synchronized void record(boolean success) {
        isSuccessful = success;
        lastSuccess = success ? clock.instant() : lastSuccess;
    }

    @Override
    public synchronized void collect(MetricPage page) {
        page.gauge(
                "config_last_reload_successful",
                "1 if the newest reload of the configuration succeeded.",
                isSuccessful ? 1 : 0);
        page.gauge(
                "config_last_reload_success_timestamp_seconds",
                "Time of the newest successful reload, or of the start.",
                lastSuccess.toEpochMilli() / MILLIS_PER_SECOND);
    }
}

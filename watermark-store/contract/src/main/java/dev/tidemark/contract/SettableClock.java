package dev.tidemark.contract;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// Clock that moves only when a test moves it. Thread-safe.
public final class SettableClock extends Clock {
    private volatile Instant now = Instant.parse("2026-11-01T09:00:00Z");

    /// Moves the clock by `step`, which may be negative.
    public void forward(Duration step) {
        now = now.plus(step);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}

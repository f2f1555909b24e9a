package dev.tidemark.testsupport;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// Clock that moves only when a test moves it. Always UTC. Thread-safe.
public final class SettableClock extends Clock {
    private static final Instant DEFAULT_START = Instant.parse("2026-11-01T09:00:00Z");

    private volatile Instant now;

    /// Starts at a fixed instant.
    public SettableClock() {
        this(DEFAULT_START);
    }

    public SettableClock(Instant now) {
        this.now = now;
    }

    /// Moves the clock by `step`, which may be negative.
    public void advance(Duration step) {
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

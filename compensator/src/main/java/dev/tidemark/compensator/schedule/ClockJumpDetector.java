package dev.tidemark.compensator.schedule;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Detects that the system clock was set back, once per second on its own virtual thread. Quartz plans by the
/// system clock, so every planned run would be late by the same amount.
final class ClockJumpDetector implements AutoCloseable {
    /// Ignores smaller jumps. Clocks are corrected by less all the time, and Quartz checks as often.
    private static final long MIN_JUMP_MILLIS = 2_000;

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final LongSupplier millis;
    private final LongSupplier nanos;
    private final Runnable onSetBack;
    private final CountDownLatch stop = new CountDownLatch(1);
    private long lastDifference;

    /// Creates a detector that is not running yet.
    ///
    /// @param millis system clock, in milliseconds
    /// @param nanos monotonic clock, in nanoseconds
    /// @param onSetBack runs after the system clock was set back
    ClockJumpDetector(LongSupplier millis, LongSupplier nanos, Runnable onSetBack) {
        this.millis = millis;
        this.nanos = nanos;
        this.onSetBack = onSetBack;
        this.lastDifference = difference();
    }

    static ClockJumpDetector start(Runnable onSetBack) {
        var detector = new ClockJumpDetector(System::currentTimeMillis, System::nanoTime, onSetBack);
        Thread.ofVirtual().name("compensator-clock").start(detector::run);
        return detector;
    }

    private void run() {
        try {
            while (!stop.await(CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void check() {
        var now = difference();
        if (lastDifference - now > MIN_JUMP_MILLIS) {
            onSetBack.run();
        }
        lastDifference = now;
    }

    /// Returns the difference of both clocks, which changes only if the system clock is set.
    private long difference() {
        return millis.getAsLong() - TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong());
    }

    @Override
    public void close() {
        stop.countDown();
    }
}

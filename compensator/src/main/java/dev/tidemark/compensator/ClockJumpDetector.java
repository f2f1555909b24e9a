package dev.tidemark.compensator;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Notices when the system's clock was set back: Quartz waits until it says so late as was planned, which would
/// then be as much later. Looks every second.
final class ClockJumpDetector implements AutoCloseable {
    /// Clocks are corrected by less all the time, and Quartz looks as often.
    private static final long MIN_JUMP_MILLIS = 2_000;

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

    private final LongSupplier millis;
    private final LongSupplier nanos;
    private final Runnable onSetBack;
    private final CountDownLatch stop = new CountDownLatch(1);
    private long lastDifference;

    /// @param millis the clock
    /// @param nanos counts on whatever happens to the clock
    /// @param setBack is run after it was set back
    ClockJumpDetector(LongSupplier millis, LongSupplier nanos, Runnable setBack) {
        this.millis = millis;
        this.nanos = nanos;
        this.onSetBack = setBack;
        this.lastDifference = difference();
    }

    static ClockJumpDetector start(Runnable setBack) {
        var watch = new ClockJumpDetector(System::currentTimeMillis, System::nanoTime, setBack);
        Thread.ofVirtual().name("compensator-clock").start(watch::run);
        return watch;
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

    /// Changes only when the clock is set.
    private long difference() {
        return millis.getAsLong() - TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong());
    }

    @Override
    public void close() {
        stop.countDown();
    }
}

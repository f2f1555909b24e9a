package dev.tidemark.compensator;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Notices when the system's clock was set back: Quartz waits until it says so late as was planned, which would
/// then be as much later. Looks every second.
final class ClockJumpDetector implements AutoCloseable {
    /// Clocks are corrected by less all the time, and Quartz looks as often.
    private static final long LEAP_MILLIS = 2_000;

    private static final Duration EVERY = Duration.ofSeconds(1);

    private final LongSupplier millis;
    private final LongSupplier nanos;
    private final Runnable setBack;
    private final CountDownLatch stop = new CountDownLatch(1);
    private long before;

    /// @param millis the clock
    /// @param nanos counts on whatever happens to the clock
    /// @param setBack is run after it was set back
    ClockJumpDetector(LongSupplier millis, LongSupplier nanos, Runnable setBack) {
        this.millis = millis;
        this.nanos = nanos;
        this.setBack = setBack;
        this.before = difference();
    }

    static ClockJumpDetector start(Runnable setBack) {
        var watch = new ClockJumpDetector(System::currentTimeMillis, System::nanoTime, setBack);
        Thread.ofVirtual().name("compensator-clock").start(watch::lookOn);
        return watch;
    }

    private void lookOn() {
        try {
            while (!stop.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void look() {
        var now = difference();
        if (before - now > LEAP_MILLIS) {
            setBack.run();
        }
        before = now;
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

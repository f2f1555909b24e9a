package dev.tidemark.store.embedded;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Slows long work down to a quarter of the time, beside a daemon that works. Used by the thread of the work.
final class QuarterDutyCycle {
    private static final int PAUSE_FACTOR = 3;
    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

    private long resumedAt = System.nanoTime();

    /// Leaves the disk and the processors to other work for three times as long as the work took since the last call.
    void pause() {
        var busy = System.nanoTime() - resumedAt;
        LockSupport.parkNanos(Math.min(MAX_PAUSE.toNanos(), PAUSE_FACTOR * busy));
        resumedAt = System.nanoTime();
    }
}

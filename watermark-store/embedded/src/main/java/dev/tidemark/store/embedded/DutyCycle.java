package dev.tidemark.store.embedded;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Slows long work down to a part of the time, beside a daemon that works. Used by the thread of the work.
final class DutyCycle {
    private static final Duration MAX_PAUSE = Duration.ofSeconds(1);

    private final int pauseFactor;
    private long resumedAt = System.nanoTime();

    /// @param pauseFactor length of a pause, as a multiple of the work before it
    DutyCycle(int pauseFactor) {
        this.pauseFactor = pauseFactor;
    }

    /// Leaves the disk and the processors to other work, for at most a second.
    void pause() {
        var busy = System.nanoTime() - resumedAt;
        LockSupport.parkNanos(Math.min(MAX_PAUSE.toNanos(), pauseFactor * busy));
        resumedAt = System.nanoTime();
    }
}

package dev.tidemark.listener;

import java.time.Duration;

/// The bound on what is under way: so many call-backs, and so many bytes of bodies. Safe for use by many
/// threads.
final class InFlightLimiter {
    private final int maxCallbacks;
    private final long maxBytes;
    private int inFlight;
    private long reservedBytes;

    InFlightLimiter(int most, long mostBytes) {
        this.maxCallbacks = most;
        this.maxBytes = mostBytes;
    }

    synchronized boolean tryAcquire() {
        if (inFlight >= maxCallbacks) {
            return false;
        }
        inFlight++;
        return true;
    }

    synchronized boolean tryReserveBytes(int more) {
        if (reservedBytes + more > maxBytes) {
            return false;
        }
        reservedBytes += more;
        return true;
    }

    /// Leaves with everything that was loaded.
    synchronized void release(long loaded) {
        inFlight--;
        reservedBytes -= loaded;
        if (inFlight == 0) {
            notifyAll();
        }
    }

    synchronized int inFlight() {
        return inFlight;
    }

    /// Waits until nothing is under way, or `most` has passed; returns whether nothing is.
    synchronized boolean awaitEmpty(Duration longest) throws InterruptedException {
        var end = System.nanoTime() + longest.toNanos();
        for (var left = longest.toMillis(); inFlight > 0 && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return inFlight == 0;
    }
}

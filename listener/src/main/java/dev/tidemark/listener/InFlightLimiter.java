package dev.tidemark.listener;

import java.time.Duration;

/// The bound on what is under way: so many call-backs, and so many bytes of bodies. Safe for use by many
/// threads.
final class InFlightLimiter {
    private final int most;
    private final long mostBytes;
    private int taken;
    private long bytes;

    InFlightLimiter(int most, long mostBytes) {
        this.most = most;
        this.mostBytes = mostBytes;
    }

    synchronized boolean enter() {
        if (taken >= most) {
            return false;
        }
        taken++;
        return true;
    }

    synchronized boolean load(int more) {
        if (bytes + more > mostBytes) {
            return false;
        }
        bytes += more;
        return true;
    }

    /// Leaves with everything that was loaded.
    synchronized void leave(long loaded) {
        taken--;
        bytes -= loaded;
        if (taken == 0) {
            notifyAll();
        }
    }

    synchronized int taken() {
        return taken;
    }

    /// Waits until nothing is under way, or `most` has passed; returns whether nothing is.
    synchronized boolean awaitEmpty(Duration longest) throws InterruptedException {
        var end = System.nanoTime() + longest.toNanos();
        for (var left = longest.toMillis(); taken > 0 && left > 0; left = (end - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        return taken == 0;
    }
}

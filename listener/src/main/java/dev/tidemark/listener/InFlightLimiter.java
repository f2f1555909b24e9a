package dev.tidemark.listener;

import java.time.Duration;

/// Limits the callbacks and body bytes in flight. [CallbackAdmissionPolicy] acquires a permit before a body is
/// read; [PendingResponse] releases it after the response. Guarantees that both limits hold at any time.
/// Thread-safe.
final class InFlightLimiter {
    private int maxCallbacks;
    private long maxBytes;
    private int inFlight;
    private long reservedBytes;

    InFlightLimiter(int maxCallbacks, long maxBytes) {
        this.maxCallbacks = maxCallbacks;
        this.maxBytes = maxBytes;
    }

    /// Applies other limits to later callbacks; those in flight stay.
    synchronized void setLimits(int nextMaxCallbacks, long nextMaxBytes) {
        maxCallbacks = nextMaxCallbacks;
        maxBytes = nextMaxBytes;
    }

    synchronized boolean tryAcquire() {
        if (inFlight >= maxCallbacks) {
            return false;
        }
        inFlight++;
        return true;
    }

    synchronized boolean tryReserveBytes(int bytes) {
        if (reservedBytes + bytes > maxBytes) {
            return false;
        }
        reservedBytes += bytes;
        return true;
    }

    /// Releases a permit and the bytes that were reserved with it.
    synchronized void release(long bytes) {
        inFlight--;
        reservedBytes -= bytes;
        if (inFlight == 0) {
            notifyAll();
        }
    }

    synchronized int inFlight() {
        return inFlight;
    }

    /// Waits until nothing is in flight, at most `timeout`. Returns true if nothing is in flight.
    synchronized boolean awaitEmpty(Duration timeout) throws InterruptedException {
        var end = System.nanoTime() + timeout.toNanos();
        for (var remaining = timeout.toMillis();
                inFlight > 0 && remaining > 0;
                remaining = (end - System.nanoTime()) / 1_000_000) {
            wait(remaining);
        }
        return inFlight == 0;
    }
}

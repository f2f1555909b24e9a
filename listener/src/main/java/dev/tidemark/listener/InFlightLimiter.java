package dev.tidemark.listener;

import dev.tidemark.store.model.MailboxId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Limits the callbacks and body bytes in flight. [CallbackAdmissionPolicy] acquires a permit before a body is
/// read; [PendingResponse] releases it after the response. Guarantees that all limits hold at any time.
/// Thread-safe.
///
/// A mailbox has a limit of its own, so that a client with the token of one mailbox cannot make the listener refuse the
/// callbacks of all others.
final class InFlightLimiter {
    private final Map<MailboxId, Long> bytesOfMailboxes = new HashMap<>();
    private Limits limits;
    private int inFlight;
    private long reservedBytes;

    /// Limits of callbacks and of body bytes in flight, of all mailboxes and of one.
    record Limits(int callbacks, long bytes, long bytesOfMailbox) {}

    InFlightLimiter(Limits limits) {
        this.limits = limits;
    }

    /// Applies other limits to later callbacks; those in flight stay.
    synchronized void setLimits(Limits next) {
        limits = next;
    }

    synchronized Optional<Permit> tryAcquire(MailboxId mailbox) {
        if (inFlight >= limits.callbacks()) {
            return Optional.empty();
        }
        inFlight++;
        return Optional.of(new Permit(mailbox));
    }

    private synchronized boolean tryReserve(MailboxId mailbox, int bytes) {
        var ofMailbox = bytesOfMailboxes.getOrDefault(mailbox, 0L) + bytes;
        if (reservedBytes + bytes > limits.bytes() || ofMailbox > limits.bytesOfMailbox()) {
            return false;
        }
        reservedBytes += bytes;
        bytesOfMailboxes.put(mailbox, ofMailbox);
        return true;
    }

    private synchronized void release(MailboxId mailbox, long bytes) {
        inFlight--;
        reservedBytes -= bytes;
        bytesOfMailboxes.computeIfPresent(mailbox, (ignored, held) -> held > bytes ? held - bytes : null);
        if (inFlight == 0) {
            notifyAll();
        }
    }

    /// Permit of one callback, with the bytes of its body. Released once, by the thread that used it last.
    final class Permit {
        private final MailboxId mailbox;
        private long bytes;

        private Permit(MailboxId mailbox) {
            this.mailbox = mailbox;
        }

        /// Reserves more bytes; returns false if a limit would be exceeded.
        boolean tryReserveBytes(int added) {
            if (!tryReserve(mailbox, added)) {
                return false;
            }
            bytes += added;
            return true;
        }

        /// Releases the permit and its bytes.
        void release() {
            InFlightLimiter.this.release(mailbox, bytes);
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

package dev.tidemark.subscriber;

import dev.tidemark.store.model.MailboxId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Locks mailboxes, so that two jobs never read the same folder and undo each other's progress. Interrupts a
/// preemptible owner that waits for its turn while another job wants the mailbox. Thread-safe.
final class MailboxLockRegistry {
    private static final class HeldLock {
        private int waiters;
        private Optional<Thread> interruptible = Optional.empty();
    }

    private final Map<MailboxId, HeldLock> locks = new HashMap<>();

    /// Waits for the lock. The caller holds it until [#unlock].
    synchronized void lock(MailboxId mailbox) throws InterruptedException {
        for (var held = locks.get(mailbox); held != null; held = locks.get(mailbox)) {
            held.waiters++;
            held.interruptible.ifPresent(Thread::interrupt);
            try {
                wait();
            } finally {
                held.waiters--;
            }
        }
        locks.put(mailbox, new HeldLock());
    }

    /// Acquires the lock if it is free now. Returns whether it did.
    synchronized boolean tryLock(MailboxId mailbox) {
        return locks.putIfAbsent(mailbox, new HeldLock()) == null;
    }

    synchronized void unlock(MailboxId mailbox) {
        locks.remove(mailbox);
        notifyAll();
    }

    /// Marks the owner, which is the calling thread, as interruptible while it waits. Interrupts it if another
    /// job waits for the lock.
    synchronized void beginWait(MailboxId mailbox) {
        var held = locks.get(mailbox);
        if (held != null) {
            held.interruptible = Optional.of(Thread.currentThread());
            if (held.waiters > 0) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Ends the interruptible wait of the owner. Clears an interrupt that came too late.
    synchronized void endWait(MailboxId mailbox) {
        var held = locks.get(mailbox);
        if (held != null) {
            held.interruptible = Optional.empty();
            if (held.waiters > 0) {
                Thread.interrupted();
            }
        }
    }

    /// Returns whether another job waits for the lock.
    synchronized boolean isContended(MailboxId mailbox) {
        return Optional.ofNullable(locks.get(mailbox))
                .filter(held -> held.waiters > 0)
                .isPresent();
    }
}

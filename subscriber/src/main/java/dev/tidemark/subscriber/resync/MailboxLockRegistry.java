package dev.tidemark.subscriber.resync;

import dev.tidemark.store.model.MailboxId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Keeps two from working on one mailbox at once: two that read the same folder would each undo the other's
/// progress. Whoever has a mailbox for work that can wait is called back while it waits itself. Safe for use
/// by many threads.
public final class MailboxLockRegistry {
    private static final class HeldLock {
        private int awaitedBy;
        private Optional<Thread> waiting = Optional.empty();
    }

    private final Map<MailboxId, HeldLock> claims = new HashMap<>();

    /// Waits until nobody else has the mailbox. It is the caller's own until [#leave].
    synchronized void lock(MailboxId mailbox) throws InterruptedException {
        for (var claim = claims.get(mailbox); claim != null; claim = claims.get(mailbox)) {
            claim.awaitedBy++;
            claim.waiting.ifPresent(Thread::interrupt);
            try {
                wait();
            } finally {
                claim.awaitedBy--;
            }
        }
        claims.put(mailbox, new HeldLock());
    }

    /// The same, but only if nobody else has it now.
    synchronized boolean tryLock(MailboxId mailbox) {
        return claims.putIfAbsent(mailbox, new HeldLock()) == null;
    }

    synchronized void unlock(MailboxId mailbox) {
        claims.remove(mailbox);
        notifyAll();
    }

    /// The owner, the calling thread, waits for something, and is interrupted as soon as another wants the
    /// mailbox.
    synchronized void beginWait(MailboxId mailbox) {
        var claim = claims.get(mailbox);
        if (claim != null) {
            claim.waiting = Optional.of(Thread.currentThread());
            if (claim.awaitedBy > 0) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// The owner waits no longer: nobody interrupts it any more, and if somebody just did, it was in vain.
    synchronized void endWait(MailboxId mailbox) {
        var claim = claims.get(mailbox);
        if (claim != null) {
            claim.waiting = Optional.empty();
            if (claim.awaitedBy > 0) {
                Thread.interrupted();
            }
        }
    }

    /// Whether somebody waits for the owner to leave.
    synchronized boolean isContended(MailboxId mailbox) {
        return Optional.ofNullable(claims.get(mailbox))
                .filter(claim -> claim.awaitedBy > 0)
                .isPresent();
    }
}

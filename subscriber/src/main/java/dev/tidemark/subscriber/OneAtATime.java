package dev.tidemark.subscriber;

import dev.tidemark.watermark.MailboxId;
import java.util.HashSet;
import java.util.Set;

/// Keeps two from working on one mailbox at once: two that read the same folder would each undo the other's
/// progress. Safe for use by many threads.
final class OneAtATime {
    private final Set<MailboxId> taken = new HashSet<>();

    /// Waits until nobody else has the mailbox. It is the caller's own until [#leave].
    synchronized void take(MailboxId mailbox) throws InterruptedException {
        while (!taken.add(mailbox)) {
            wait();
        }
    }

    synchronized void leave(MailboxId mailbox) {
        taken.remove(mailbox);
        notifyAll();
    }
}

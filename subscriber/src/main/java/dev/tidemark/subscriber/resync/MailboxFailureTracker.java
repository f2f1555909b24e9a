package dev.tidemark.subscriber.resync;

import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What is remembered of mailboxes while they give trouble; in memory only, and nothing of those that do
/// not. Safe for use by many threads, one per mailbox.
public final class MailboxFailureTracker {
    private record Trouble(int failures, Optional<Instant> firstLostReply) {}

    private static final Trouble NONE = new Trouble(0, Optional.empty());

    private final Map<MailboxId, Trouble> byMailbox = new ConcurrentHashMap<>();

    /// Counts one more failure in a row; returns how many there are.
    int recordFailure(MailboxId mailbox) {
        var before = byMailbox.getOrDefault(mailbox, NONE);
        byMailbox.put(mailbox, new Trouble(before.failures() + 1, before.firstLostReply()));
        return before.failures() + 1;
    }

    int failures(MailboxId mailbox) {
        return byMailbox.getOrDefault(mailbox, NONE).failures();
    }

    /// Remembers a request, sent at `sentAt`, which Exchange may have granted.
    public void recordLostResponse(MailboxId mailbox, Instant sentAt) {
        var before = byMailbox.getOrDefault(mailbox, NONE);
        byMailbox.put(
                mailbox, new Trouble(before.failures(), before.firstLostReply().or(() -> Optional.of(sentAt))));
    }

    /// When the first request was sent of whose fate nothing is known. What happened since then may have been
    /// told to a subscription that we do not know.
    public Optional<Instant> firstLostResponse(MailboxId mailbox) {
        return byMailbox.getOrDefault(mailbox, NONE).firstLostReply();
    }

    void reset(MailboxId mailbox) {
        byMailbox.remove(mailbox);
    }
}

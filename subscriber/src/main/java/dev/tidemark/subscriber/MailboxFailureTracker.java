package dev.tidemark.subscriber;

import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Tracks failures of mailboxes, in memory only. Removes a mailbox after a success. Thread-safe; one thread at a
/// time per mailbox.
final class MailboxFailureTracker {
    private record MailboxFailures(int failures, Optional<Instant> firstLostResponse) {}

    private static final MailboxFailures NONE = new MailboxFailures(0, Optional.empty());

    private final Map<MailboxId, MailboxFailures> byMailbox = new ConcurrentHashMap<>();

    /// Counts a failure. Returns the number of consecutive failures.
    int recordFailure(MailboxId mailbox) {
        var before = byMailbox.getOrDefault(mailbox, NONE);
        byMailbox.put(mailbox, new MailboxFailures(before.failures() + 1, before.firstLostResponse()));
        return before.failures() + 1;
    }

    int failures(MailboxId mailbox) {
        return byMailbox.getOrDefault(mailbox, NONE).failures();
    }

    /// Records a request without a response, sent at `sentAt`, which Exchange may have granted.
    public void recordLostResponse(MailboxId mailbox, Instant sentAt) {
        var before = byMailbox.getOrDefault(mailbox, NONE);
        byMailbox.put(
                mailbox,
                new MailboxFailures(
                        before.failures(), before.firstLostResponse().or(() -> Optional.of(sentAt))));
    }

    /// Returns the time of the first request without a response. Events since then may have gone to an unknown
    /// subscription.
    public Optional<Instant> firstLostResponse(MailboxId mailbox) {
        return byMailbox.getOrDefault(mailbox, NONE).firstLostResponse();
    }

    void reset(MailboxId mailbox) {
        byMailbox.remove(mailbox);
    }
}

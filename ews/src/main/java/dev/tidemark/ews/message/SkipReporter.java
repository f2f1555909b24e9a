package dev.tidemark.ews.message;

import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SkippedParts;
import java.util.List;

/// Receives the skipped parts of messages, for counters and logs. Called by the thread that read the message.
/// Implementations are thread-safe and do not throw.
public interface SkipReporter {
    /// Receives the skipped parts of one message.
    ///
    /// @param mailbox mailbox that the message is for
    /// @param parts skipped parts, at least one
    void skipped(MailboxAddress mailbox, SkippedParts parts);

    /// Returns every [SkippedParts#operation] that a message can have.
    static List<String> operations() {
        return SkipTally.operations();
    }

    /// Reports nothing, for tools and tests.
    static SkipReporter none() {
        return (mailbox, parts) -> {};
    }
}

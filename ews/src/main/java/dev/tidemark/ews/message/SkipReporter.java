package dev.tidemark.ews.message;

import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SkippedParts;
import java.util.List;

/// Receives the parts of messages that were passed over, for counters and logs. Called by the thread that read the
/// message; implementations are thread-safe and do not throw.
public interface SkipReporter {
    /// Receives the parts that one message lost.
    ///
    /// @param mailbox mailbox that the message is for
    /// @param parts parts that were passed over, at least one
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

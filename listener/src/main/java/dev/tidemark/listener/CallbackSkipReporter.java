package dev.tidemark.listener;

import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.SkippedParts;

/// Receives the parts of callbacks that were passed over, for counters and logs. Called by the decoding
/// threads; implementations are thread-safe and do not throw.
public interface CallbackSkipReporter {
    /// Receives the parts that one callback lost.
    ///
    /// @param mailbox mailbox that the callback is for
    /// @param parts parts that were passed over, at least one
    void reportSkipped(MailboxId mailbox, SkippedParts parts);
}

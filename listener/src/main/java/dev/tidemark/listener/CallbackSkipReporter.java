package dev.tidemark.listener;

import dev.tidemark.ews.SkippedParts;
import dev.tidemark.watermark.MailboxId;

/// Receives what was passed over in callbacks, for counters and logs. Called by the threads that decode;
/// implementations are thread-safe and do not throw.
public interface CallbackSkipReporter {
    /// Receives what one callback lost.
    ///
    /// @param mailbox mailbox that the callback is for
    /// @param parts parts that were passed over, at least one
    void skipped(MailboxId mailbox, SkippedParts parts);
}

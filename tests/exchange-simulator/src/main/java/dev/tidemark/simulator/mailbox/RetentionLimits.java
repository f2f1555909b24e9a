package dev.tidemark.simulator.mailbox;

import java.time.Duration;
import java.util.List;

/// Limits of what a mailbox and the ledger keep.
///
/// @param history age at which events are forgotten
/// @param kept the newest items of a mailbox, entries of its history and entries of the ledger; 0: all
public record RetentionLimits(Duration history, int kept) {
    boolean exceeds(int size) {
        return kept > 0 && size > kept;
    }

    /// Returns how many of the oldest entries to drop: none until a batch is worth the work.
    int surplus(List<?> entries) {
        return exceeds(entries.size() - kept / 4) ? entries.size() - kept : 0;
    }
}

package dev.tidemark.values;

import java.util.Map;

/// Number of skipped parts of one message, by reason. `operation` is the name of the message without
/// `Response`, e.g. `SyncFolderItems` or `SendNotification`.
public record SkippedParts(String operation, Map<SkipReason, Integer> counts) {
    public SkippedParts {
        counts = Map.copyOf(counts);
    }

    public boolean isEmpty() {
        return counts.isEmpty();
    }

    /// Returns whether whole entries were lost, not only values of entries.
    public boolean losesEntries() {
        return counts.keySet().stream().anyMatch(reason -> reason != SkipReason.UNREADABLE_VALUE);
    }
}

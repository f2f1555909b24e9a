package dev.tidemark.values;

import java.util.Map;

/// Number of parts of one message that were passed over, by reason. `operation` is the name of the message
/// without `Response`, e.g. `SyncFolderItems` or `SendNotification`.
public record SkippedParts(String operation, Map<SkipReason, Integer> counts) {
    public SkippedParts {
        counts = Map.copyOf(counts);
    }

    public boolean isEmpty() {
        return counts.isEmpty();
    }

    /// Returns true if more was lost than values of entries.
    public boolean losesEntries() {
        return counts.keySet().stream().anyMatch(reason -> reason != SkipReason.UNREADABLE_VALUE);
    }
}

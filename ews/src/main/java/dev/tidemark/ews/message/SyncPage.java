package dev.tidemark.ews.message;

import dev.tidemark.values.SyncState;
import java.util.List;

/// Page of SyncFolderItems. `last` means that the folder has no further changes now.
public record SyncPage(SyncState state, boolean last, List<SyncChange> changes) {
    public SyncPage {
        changes = List.copyOf(changes);
    }
}

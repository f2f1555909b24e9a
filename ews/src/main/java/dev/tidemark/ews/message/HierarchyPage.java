package dev.tidemark.ews.message;

import dev.tidemark.values.SyncState;
import java.util.List;

/// Page of SyncFolderHierarchy. `last` means that there are no further changes now.
public record HierarchyPage(SyncState state, boolean last, List<FolderChange> changes) {
    public HierarchyPage {
        changes = List.copyOf(changes);
    }
}

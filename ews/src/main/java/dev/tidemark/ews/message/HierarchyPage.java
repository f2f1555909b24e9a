package dev.tidemark.ews.message;

import dev.tidemark.values.FolderId;
import dev.tidemark.values.SyncState;
import java.util.List;

/// Page of SyncFolderHierarchy. `last` means that there are no further changes now.
public record HierarchyPage(SyncState state, boolean last, List<FolderChange> changes) {
    public HierarchyPage {
        changes = List.copyOf(changes);
    }

    /// A change that SyncFolderHierarchy reports.
    public sealed interface FolderChange {
        /// Reports a folder that the sync state does not know; the folder may be old.
        record Created(FolderSummary folder) implements FolderChange {}

        record Updated(FolderSummary folder) implements FolderChange {}

        record Deleted(FolderId id) implements FolderChange {}
    }
}

package dev.tidemark.ews.message;

import dev.tidemark.values.FolderId;

/// A change that SyncFolderHierarchy reports.
public sealed interface FolderChange {
    /// A folder that is new to the sync state, which does not mean that it is new.
    record Created(FolderSummary folder) implements FolderChange {}

    record Updated(FolderSummary folder) implements FolderChange {}

    record Deleted(FolderId id) implements FolderChange {}
}

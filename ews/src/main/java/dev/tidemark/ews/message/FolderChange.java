package dev.tidemark.ews.message;

import dev.tidemark.values.FolderId;

/// A change that SyncFolderHierarchy reports.
public sealed interface FolderChange {
    /// Reports a folder that the sync state does not know; the folder may be old.
    record Created(FolderSummary folder) implements FolderChange {}

    record Updated(FolderSummary folder) implements FolderChange {}

    record Deleted(FolderId id) implements FolderChange {}
}

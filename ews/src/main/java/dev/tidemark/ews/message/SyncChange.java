package dev.tidemark.ews.message;

import dev.tidemark.values.ItemId;

/// A change that SyncFolderItems reports.
public sealed interface SyncChange {
    /// An item that is new to the sync state, which does not mean that it is new.
    record Created(ItemSummary item) implements SyncChange {}

    record Updated(ItemSummary item) implements SyncChange {}

    record Deleted(ItemId id) implements SyncChange {}

    record ReadFlagChanged(ItemId id, boolean read) implements SyncChange {}
}

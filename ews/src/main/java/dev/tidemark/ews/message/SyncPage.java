package dev.tidemark.ews.message;

import dev.tidemark.values.ItemId;
import dev.tidemark.values.SyncState;
import java.util.List;

/// Page of SyncFolderItems. `last` means that the folder has no further changes now.
public record SyncPage(SyncState state, boolean last, List<SyncChange> changes) {
    public SyncPage {
        changes = List.copyOf(changes);
    }

    /// A change that SyncFolderItems reports.
    public sealed interface SyncChange {
        /// Reports an item that the sync state does not know; the item may be old.
        record Created(ItemSummary item) implements SyncChange {}

        record Updated(ItemSummary item) implements SyncChange {}

        record Deleted(ItemId id) implements SyncChange {}

        record ReadFlagChanged(ItemId id, boolean read) implements SyncChange {}
    }
}

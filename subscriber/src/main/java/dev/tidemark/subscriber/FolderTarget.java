package dev.tidemark.subscriber;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.values.FolderId;
import java.util.Optional;
import java.util.Set;

/// Folder to read.
///
/// @param receives true if mail is received in it
record FolderTarget(FolderRef ref, boolean receives) {
    static FolderTarget of(FolderRef ref, Set<String> neverReceiving) {
        return switch (ref) {
            case FolderRef.Distinguished named ->
                new FolderTarget(ref, !SyncPageNews.NEVER_RECEIVING.contains(named.name()));
            case FolderRef.ById byId ->
                new FolderTarget(ref, !neverReceiving.contains(byId.id().id()));
        };
    }

    /// Returns the key of its sync state.
    String key() {
        return GroupSubscriptionConfig.key(ref);
    }

    Optional<FolderId> id() {
        return ref instanceof FolderRef.ById byId ? Optional.of(byId.id()) : Optional.empty();
    }
}

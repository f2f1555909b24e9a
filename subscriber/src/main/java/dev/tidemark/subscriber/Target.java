package dev.tidemark.subscriber;

import dev.tidemark.ews.FolderRef;
import dev.tidemark.values.FolderId;
import java.util.Optional;
import java.util.Set;

/// A folder to be read, and whether mail is received in it.
record Target(FolderRef ref, boolean receives) {
    static Target of(FolderRef ref, Set<String> neverReceiving) {
        return switch (ref) {
            case FolderRef.Distinguished named -> new Target(ref, !Announcement.NEVER_RECEIVING.contains(named.name()));
            case FolderRef.ById byId ->
                new Target(ref, !neverReceiving.contains(byId.id().id()));
        };
    }

    /// The name under which its sync state is kept.
    String key() {
        return GroupPlan.key(ref);
    }

    Optional<FolderId> id() {
        return ref instanceof FolderRef.ById byId ? Optional.of(byId.id()) : Optional.empty();
    }
}

package dev.tidemark.subscriber.config;

import dev.tidemark.ews.message.FolderRef;
import java.util.List;

/// Folders of each mailbox that a group watches.
public sealed interface WatchedFolders {
    /// All folders, including future ones.
    record All() implements WatchedFolders {}

    /// The listed folders. A mailbox that lacks one of the `paths` is refused.
    record Some(List<FolderRef> folders, List<FolderPath> paths) implements WatchedFolders {
        public Some {
            folders = List.copyOf(folders);
            paths = List.copyOf(paths);
        }
    }

    static WatchedFolders folders(List<FolderRef> folders) {
        return new Some(folders, List.of());
    }
}

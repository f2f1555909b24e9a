package dev.tidemark.subscriber.resync;

import dev.tidemark.ews.message.FolderRef;
import java.util.List;

/// Which folders of each mailbox a group watches.
public sealed interface WatchedFolders {
    /// All there are, those to come among them.
    record All() implements WatchedFolders {}

    /// These. A mailbox that lacks one of the `paths` is refused.
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

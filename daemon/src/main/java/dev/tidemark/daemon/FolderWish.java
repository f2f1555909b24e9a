package dev.tidemark.daemon;

import dev.tidemark.ews.FolderRef;
import dev.tidemark.subscriber.FolderPath;

/// A folder as configuration names it.
sealed interface FolderWish {
    /// All of them.
    record All() implements FolderWish {}

    record Named(FolderRef folder) implements FolderWish {}

    record At(FolderPath path) implements FolderWish {}
}

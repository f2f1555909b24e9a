package dev.tidemark.daemon;

import dev.tidemark.ews.FolderRef;
import dev.tidemark.subscriber.FolderPath;

/// A folder as configuration names it.
sealed interface FolderSelector {
    /// All of them.
    record All() implements FolderSelector {}

    record Named(FolderRef folder) implements FolderSelector {}

    record At(FolderPath path) implements FolderSelector {}
}

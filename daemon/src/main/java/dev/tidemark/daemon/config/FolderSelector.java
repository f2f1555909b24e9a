package dev.tidemark.daemon.config;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.subscriber.resync.FolderPath;

/// A folder as configuration names it.
sealed interface FolderSelector {
    /// All of them.
    record All() implements FolderSelector {}

    record Named(FolderRef folder) implements FolderSelector {}

    record At(FolderPath path) implements FolderSelector {}
}

package dev.tidemark.daemon.config;

import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.subscriber.config.FolderPath;

/// Folder in the configuration.
sealed interface FolderSelector {
    /// All folders.
    record All() implements FolderSelector {}

    record Named(FolderRef folder) implements FolderSelector {}

    record At(FolderPath path) implements FolderSelector {}
}

package dev.tidemark.daemon.reload;

import dev.tidemark.daemon.config.TidemarkConfig;
import java.util.Set;

/// Modules of the running daemon, as a reload changes them. [ConfigReloader] calls it from one thread at a time.
public interface ReloadableModules {
    /// Creates everything for `next` that can fail, and changes nothing yet.
    ///
    /// @param renewed keys of files whose content has changed
    /// @throws RuntimeException with a sentence for the operator if `next` cannot be used
    PreparedReload prepare(TidemarkConfig next, Set<String> renewed);

    /// Change of all modules that is ready to be applied.
    interface PreparedReload extends AutoCloseable {
        /// Applies the change to all modules, one after the other. Returns a sentence about each changed list of
        /// mailboxes.
        ///
        /// @throws RuntimeException with a sentence for the operator if only some modules have the change
        MailboxChanges apply();

        /// Discards what was not applied.
        @Override
        void close();
    }
}

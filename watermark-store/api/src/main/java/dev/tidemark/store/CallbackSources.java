package dev.tidemark.store;

import dev.tidemark.store.model.CallbackSource;
import dev.tidemark.store.model.Mailbox;
import java.util.List;

/// Servers that call back and their mailboxes, as hints for finding a silent server. Kept in memory since the
/// start only. Thread-safe.
public interface CallbackSources {
    /// Returns the current sources in no particular order, about one for each Exchange server.
    List<CallbackSource> all();

    /// Returns the enrolled mailboxes whose live subscription this source called for last. Scans all mailboxes.
    List<Mailbox> mailboxes(CallbackSource.SourceKey caller);
}

package dev.tidemark.store;

import dev.tidemark.store.model.CallbackSource;
import dev.tidemark.store.model.Mailbox;
import java.util.List;

/// Who calls back, and for which mailboxes: a hint for finding a server that has gone silent, kept in memory
/// since the start and nowhere else. Safe for use by many threads.
public interface CallbackSources {
    /// As of now, in no order; few, as many as Exchange has servers.
    List<CallbackSource> all();

    /// The enrolled mailboxes whose live subscription was last called for by this one. Looks at every
    /// mailbox.
    List<Mailbox> mailboxes(CallbackSource.SourceKey caller);
}

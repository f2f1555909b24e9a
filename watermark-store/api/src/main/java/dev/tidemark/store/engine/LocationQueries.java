package dev.tidemark.store.engine;

import dev.tidemark.store.change.Change;
import java.time.Instant;
import java.util.List;

/// Reads the locations of mailboxes.
public interface LocationQueries {
    List<Change.MailboxLocationSaved> all();

    /// Returns at most `limit` rows that were taken after `time`.
    List<Change.MailboxLocationSaved> takenAfter(Instant time, int limit);
}

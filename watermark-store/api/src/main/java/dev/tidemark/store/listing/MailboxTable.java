package dev.tidemark.store.listing;

import dev.tidemark.store.model.MailboxSummary;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Fields of all enrolled mailboxes by row. A list of many mailboxes reads them instead of the mailboxes
/// themselves. A row may change, become free or be used again at any time. Thread-safe.
public interface MailboxTable {
    /// State of a free row.
    int FREE = -1;

    /// Returns the number of rows, free ones included.
    int rows();

    /// Returns the index of the mailbox's state in [MailboxState#LABELS], or [#FREE].
    int state(int row);

    boolean hasError(int row);

    /// Returns the index of the mailbox's group in [#groups].
    int group(int row);

    /// Returns the names of all groups, and of earlier ones. An index never changes.
    List<String> groups();

    /// Returns the time of the last callback in milliseconds since 1970; 0 before the first one.
    long lastHeardMillis(int row);

    /// Returns the time of the watermark in milliseconds since 1970; 0 without one.
    long watermarkMillis(int row);

    /// Returns the mailbox; empty for a free row.
    Optional<MailboxSummary> mailbox(int row);

    /// Returns the order of the rows by id. Sorts them at the first call after a mailbox was enrolled or
    /// removed.
    RowOrder byId();

    /// Returns the order of the rows by address. Sorts them at the first call after a mailbox was enrolled,
    /// removed or renamed.
    RowOrder byAddress();

    /// Returns the rows of the mailboxes whose address or id contains `part`; none if `part` is empty. A row may
    /// have changed since. Collects the texts at the first call after a mailbox was enrolled, removed or renamed.
    BitSet rowsWith(String part);
}

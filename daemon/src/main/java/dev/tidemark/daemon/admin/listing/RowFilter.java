package dev.tidemark.daemon.admin.listing;

import dev.tidemark.store.listing.MailboxTable;
import dev.tidemark.store.model.MailboxState;
import java.util.BitSet;
import java.util.Optional;

/// Decides which rows a query selects. Evaluates the groups and the text once, not for each row. Used by the thread
/// of one request.
final class RowFilter {
    private static final int ANY = MailboxState.LABELS.size();

    private final MailboxTable table;
    private final boolean[] groups;
    private final int state;
    /// rows that contain the text of the query; empty if the query has no text
    private final Optional<BitSet> found;

    RowFilter(MailboxTable table, MailboxQuery query) {
        this.table = table;
        var names = table.groups();
        this.groups = new boolean[names.size()];
        for (var group = 0; group < groups.length; group++) {
            groups[group] = query.groups().test(names.get(group));
        }
        this.state = query.state().map(MailboxState.LABELS::indexOf).orElse(ANY);
        this.found = query.text().map(table::rowsWith);
    }

    boolean accepts(int row) {
        if (found.isPresent() && !found.get().get(row)) {
            return false;
        }
        var current = table.state(row);
        return current != MailboxTable.FREE && (state == ANY || state == current) && isOfGroup(table.group(row));
    }

    /// Rejects a group that is new since the start of the request, and the row of a mailbox that was just
    /// removed.
    private boolean isOfGroup(int group) {
        return group >= 0 && group < groups.length && groups[group];
    }
}

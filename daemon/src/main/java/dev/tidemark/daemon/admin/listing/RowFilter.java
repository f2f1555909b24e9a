package dev.tidemark.daemon.admin.listing;

import dev.tidemark.store.listing.MailboxTable;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.MailboxSummary;
import java.util.Optional;

/// Decides which rows a query selects. Evaluates the groups once, not for each row. Used by the thread
/// of one request.
final class RowFilter {
    private static final int ANY = MailboxState.LABELS.size();

    private final MailboxTable table;
    private final boolean[] groups;
    private final int state;
    private final Optional<String> text;

    RowFilter(MailboxTable table, MailboxQuery query) {
        this.table = table;
        var names = table.groups();
        this.groups = new boolean[names.size()];
        for (var group = 0; group < groups.length; group++) {
            groups[group] = query.groups().test(names.get(group));
        }
        this.state = query.state().map(MailboxState.LABELS::indexOf).orElse(ANY);
        this.text = query.text();
    }

    boolean accepts(int row) {
        var found = table.state(row);
        return found != MailboxTable.FREE
                && (state == ANY || state == found)
                && isOfGroup(table.group(row))
                && (text.isEmpty() || contains(table.mailbox(row), text.get()));
    }

    /// Rejects a group that is new since the start of the request, and the row of a mailbox that was just
    /// removed.
    private boolean isOfGroup(int group) {
        return group >= 0 && group < groups.length && groups[group];
    }

    private static boolean contains(Optional<MailboxSummary> mailbox, String part) {
        return mailbox.isPresent()
                && (mailbox.get().address().value().contains(part)
                        || mailbox.get().id().value().contains(part));
    }
}

package dev.tidemark.store.sql;

import dev.tidemark.store.MailboxLocationStore;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.LocationQueries;
import dev.tidemark.store.model.MailboxId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Table of mailbox locations.
final class MailboxLocationTable implements LocationQueries {
    private static final String SELECT = "SELECT mailbox, url, affinity, taken_at FROM whereabouts";
    private static final String SELECT_LATER =
            "SELECT mailbox, url, affinity, taken_at FROM whereabouts WHERE taken_at > ? LIMIT ?";
    static final String NO_GROUPING = "";

    private final SqlReader sql;

    MailboxLocationTable(SqlReader sql) {
        this.sql = sql;
    }

    @Override
    public List<Change.MailboxLocationSaved> all() {
        return sql.query(SELECT, MailboxLocationTable::row);
    }

    /// Returns at most `limit` rows that were taken after `time`.
    @Override
    public List<Change.MailboxLocationSaved> takenAfter(Instant time, int limit) {
        return sql.query(SELECT_LATER, MailboxLocationTable::row, time, limit);
    }

    private static Change.MailboxLocationSaved row(SqlRow row) {
        var grouping = Optional.of(row.text(3)).filter(text -> !text.equals(NO_GROUPING));
        var location = new MailboxLocationStore.MailboxLocation(URI.create(row.text(2)), grouping, row.instant(4));
        return new Change.MailboxLocationSaved(new MailboxId(row.text(1)), location);
    }
}

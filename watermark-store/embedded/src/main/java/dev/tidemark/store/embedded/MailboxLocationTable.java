package dev.tidemark.store.embedded;

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
    private static final String MERGE =
            "MERGE INTO whereabouts (mailbox, url, affinity, taken_at) KEY (mailbox) VALUES (?, ?, ?, ?)";
    private static final String NO_GROUPING = "";

    private final JdbcRunner jdbc;

    MailboxLocationTable(JdbcRunner jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<Change.MailboxLocationSaved> all() {
        return jdbc.query(SELECT, MailboxLocationTable::row);
    }

    /// Returns at most `limit` rows that were taken after `time`.
    @Override
    public List<Change.MailboxLocationSaved> takenAfter(Instant time, int limit) {
        return jdbc.query(SELECT_LATER, MailboxLocationTable::row, time, limit);
    }

    static void save(JdbcRunner.Tx tx, MailboxId mailbox, MailboxLocationStore.MailboxLocation location) {
        tx.update(
                MERGE,
                mailbox.value(),
                location.url().toString(),
                location.grouping().orElse(NO_GROUPING),
                location.takenAt());
    }

    private static Change.MailboxLocationSaved row(JdbcRunner.Row row) {
        var grouping = Optional.of(row.text(3)).filter(text -> !text.equals(NO_GROUPING));
        var location = new MailboxLocationStore.MailboxLocation(URI.create(row.text(2)), grouping, row.instant(4));
        return new Change.MailboxLocationSaved(new MailboxId(row.text(1)), location);
    }
}

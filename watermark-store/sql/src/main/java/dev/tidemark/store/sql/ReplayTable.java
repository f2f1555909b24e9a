package dev.tidemark.store.sql;

import dev.tidemark.store.engine.ReplayQueries;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import java.util.List;
import java.util.Optional;

/// Table of replays in progress, which are always few.
final class ReplayTable implements ReplayQueries {
    private static final String ALL = """
            SELECT id, sink, begun_at, after_position, up_to, mailbox, type, rate, done, total FROM replay
            ORDER BY begun_at, id
            """;

    private final SqlReader sql;

    ReplayTable(SqlReader sql) {
        this.sql = sql;
    }

    @Override
    public List<SinkReplay> all() {
        return sql.query(
                ALL,
                row -> new SinkReplay(
                        row.text(1),
                        new SinkName(row.text(2)),
                        row.instant(3),
                        new JournalPosition(row.number(4)),
                        new JournalPosition(row.number(5)),
                        row.optionalText(6).map(MailboxId::new),
                        row.optionalText(7),
                        (int) row.number(8),
                        new SinkReplay.ReplayCounts(row.number(9), row.number(10))));
    }

    @Override
    public Optional<SinkReplay> find(String id) {
        return all().stream().filter(replay -> replay.id().equals(id)).findFirst();
    }
}

package dev.tidemark.store.embedded;

import dev.tidemark.store.engine.ReplayQueries;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import java.util.List;
import java.util.Optional;

/// Table of replays in progress, which are always few.
final class ReplayTable implements ReplayQueries {
    private static final String MERGE = """
            MERGE INTO replay (id, sink, begun_at, after_position, up_to, mailbox, type, rate, done, total) KEY (id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    private static final String ALL = """
            SELECT id, sink, begun_at, after_position, up_to, mailbox, type, rate, done, total FROM replay
            ORDER BY begun_at, id
            """;
    private static final String DELETE = "DELETE FROM replay WHERE id = ?";

    private final JdbcRunner jdbc;

    ReplayTable(JdbcRunner jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<SinkReplay> all() {
        return jdbc.query(
                ALL,
                row -> new SinkReplay(
                        row.text(1),
                        new SinkName(row.text(2)),
                        row.instant(3),
                        new JournalPosition(row.number(4)),
                        new JournalPosition(row.number(5)),
                        row.optional(6, String.class).map(MailboxId::new),
                        row.optional(7, String.class),
                        (int) row.number(8),
                        new SinkReplay.ReplayCounts(row.number(9), row.number(10))));
    }

    @Override
    public Optional<SinkReplay> find(String id) {
        return all().stream().filter(replay -> replay.id().equals(id)).findFirst();
    }

    static void save(JdbcRunner.Tx tx, SinkReplay replay) {
        tx.update(
                MERGE,
                replay.id(),
                replay.sink().value(),
                replay.begunAt(),
                replay.after().value(),
                replay.upTo().value(),
                replay.mailbox().map(MailboxId::value),
                replay.type(),
                replay.rate(),
                replay.count().done(),
                replay.count().total());
    }

    static void remove(JdbcRunner.Tx tx, String id) {
        tx.update(DELETE, id);
    }
}

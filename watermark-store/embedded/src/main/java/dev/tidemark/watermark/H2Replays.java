package dev.tidemark.watermark;

import java.util.List;
import java.util.Optional;

/// [Replays] on the tables of replays and dead letters.
final class H2Replays implements Replays {
    private static final String INSERT = """
            INSERT INTO replay (id, sink, begun_at, after_position, up_to, mailbox, type, rate, done, total)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    private static final String RUNNING = """
            SELECT id, sink, begun_at, after_position, up_to, mailbox, type, rate, done, total FROM replay
            ORDER BY begun_at, id
            """;
    private static final String ADVANCE = "UPDATE replay SET after_position = ?, done = ? WHERE id = ?";
    private static final String EXISTS = "SELECT COUNT(*) FROM replay WHERE id = ?";
    private static final String END = "DELETE FROM replay WHERE id = ?";

    private final Ledger ledger;
    private final JdbcRunner jdbc;
    private final DeadLetterTable dead;

    H2Replays(Ledger ledger, JdbcRunner jdbc) {
        this.ledger = ledger;
        this.jdbc = jdbc;
        this.dead = new DeadLetterTable(jdbc);
    }

    @Override
    public void begin(Replay replay) {
        update(
                INSERT,
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

    /// There are never many.
    @Override
    public List<Replay> running(SinkName sink) {
        return running().stream().filter(replay -> replay.sink().equals(sink)).toList();
    }

    @Override
    public List<Replay> running() {
        return jdbc.query(
                RUNNING,
                row -> new Replay(
                        row.text(1),
                        new SinkName(row.text(2)),
                        row.instant(3),
                        new Position(row.number(4)),
                        new Position(row.number(5)),
                        row.optional(6, String.class).map(MailboxId::new),
                        row.optional(7, String.class),
                        (int) row.number(8),
                        new Replay.Count(row.number(9), row.number(10))));
    }

    @Override
    public void advance(String id, Position after, long done) {
        update(ADVANCE, after.value(), done, id);
    }

    @Override
    public boolean end(String id) {
        var there = jdbc.queryOne(EXISTS, row -> row.number(1) > 0, id).orElse(false);
        if (there) {
            update(END, id);
        }
        return there;
    }

    @Override
    public int recallAll(Optional<SinkName> sink) {
        return ledger.change(draft -> {
            draft.also(tx -> DeadLetterTable.recall(tx, sink));
            return dead.count(sink);
        });
    }

    @Override
    public Optional<SinkName> recall(String deadLetter) {
        var sink = dead.sinkOf(deadLetter);
        if (sink.isPresent()) {
            ledger.change(draft -> {
                draft.also(tx -> DeadLetterTable.recall(tx, deadLetter));
                return draft;
            });
        }
        return sink;
    }

    @Override
    public List<DeadLetter> recalled(SinkName sink, int limit) {
        return dead.recalled(sink, limit);
    }

    @Override
    public void refused(DeadLetter letter) {
        ledger.change(draft -> {
            draft.also(tx -> DeadLetterTable.refused(tx, letter));
            return draft;
        });
    }

    private void update(String sql, Object... arguments) {
        ledger.change(draft -> {
            draft.also(tx -> tx.update(sql, arguments));
            return draft;
        });
    }
}

package dev.tidemark.watermark;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Events that sinks would not take, kept whole: the journal may forget them.
final class DeadLetterTable {
    private static final String MERGE = """
            MERGE INTO dead_letter (id, sink, reason, attempts, died_at, event) KEY (id) VALUES (?, ?, ?, ?, ?, ?)
            """;
    private static final String NEWEST = """
            SELECT id, sink, reason, attempts, died_at, event FROM dead_letter
            WHERE died_at <= ? AND (died_at < ? OR id > ?) ORDER BY died_at DESC, id LIMIT ?
            """;
    private static final String NEWEST_OF_SINK = """
            SELECT id, sink, reason, attempts, died_at, event FROM dead_letter
            WHERE sink = ? AND died_at <= ? AND (died_at < ? OR id > ?) ORDER BY died_at DESC, id LIMIT ?
            """;

    /// Before all letters.
    private static final DeadLetter.Place TOP = new DeadLetter.Place(Instant.parse("9999-12-31T00:00:00Z"), "");
    private static final String EVENTS = "SELECT event FROM dead_letter";
    private static final String COUNT = "SELECT COUNT(*) FROM dead_letter";
    private static final String COUNT_BEFORE = "SELECT COUNT(*) FROM dead_letter WHERE died_at < ?";
    private static final String EXISTS = "SELECT COUNT(*) FROM dead_letter WHERE id = ?";
    private static final String DELETE = "DELETE FROM dead_letter WHERE id = ?";
    private static final String DELETE_BEFORE = "DELETE FROM dead_letter WHERE died_at < ?";

    private static final String COUNT_OF_SINK = "SELECT COUNT(*) FROM dead_letter WHERE sink = ?";
    private static final String SINK_OF = "SELECT sink FROM dead_letter WHERE id = ?";
    private static final String RECALL = "UPDATE dead_letter SET recalled = TRUE WHERE id = ?";
    private static final String RECALL_ALL = "UPDATE dead_letter SET recalled = TRUE";
    private static final String RECALL_OF_SINK = "UPDATE dead_letter SET recalled = TRUE WHERE sink = ?";
    private static final String RECALLED = """
            SELECT id, sink, reason, attempts, died_at, event FROM dead_letter
            WHERE sink = ? AND recalled ORDER BY died_at, id LIMIT ?
            """;
    private static final String REFUSED = """
            UPDATE dead_letter SET recalled = FALSE, reason = ?, attempts = ?, died_at = ? WHERE id = ?
            """;

    private final JdbcRunner jdbc;

    DeadLetterTable(JdbcRunner jdbc) {
        this.jdbc = jdbc;
    }

    static void save(JdbcRunner.Tx tx, DeadLetter letter) {
        tx.update(
                MERGE,
                letter.id(),
                letter.sink().value(),
                Lifecycle.clipped(letter.reason()),
                letter.attempts(),
                letter.diedAt(),
                EntryCodec.writeEvent(letter.event(), EventKey.of(letter.event().id())));
    }

    static void remove(JdbcRunner.Tx tx, String id) {
        tx.update(DELETE, id);
    }

    static void removeBefore(JdbcRunner.Tx tx, Instant before) {
        tx.update(DELETE_BEFORE, before);
    }

    static void recall(JdbcRunner.Tx tx, String id) {
        tx.update(RECALL, id);
    }

    static void recall(JdbcRunner.Tx tx, Optional<SinkName> sink) {
        sink.ifPresentOrElse(name -> tx.update(RECALL_OF_SINK, name.value()), () -> tx.update(RECALL_ALL));
    }

    static void refused(JdbcRunner.Tx tx, DeadLetter letter) {
        tx.update(REFUSED, Lifecycle.clipped(letter.reason()), letter.attempts(), letter.diedAt(), letter.id());
    }

    List<DeadLetter> recalled(SinkName sink, int limit) {
        return jdbc.query(RECALLED, DeadLetterTable::letter, sink.value(), limit);
    }

    Optional<SinkName> sinkOf(String id) {
        return jdbc.queryOne(SINK_OF, row -> new SinkName(row.text(1)), id);
    }

    int count(Optional<SinkName> sink) {
        return sink.flatMap(name -> jdbc.queryOne(COUNT_OF_SINK, row -> (int) row.number(1), name.value()))
                .orElseGet(() -> (int) count());
    }

    List<DeadLetter> newest(Optional<SinkName> sink, Optional<DeadLetter.Place> after, int limit) {
        var from = after.orElse(TOP);
        var died = from.diedAt();
        return sink.map(name ->
                        jdbc.query(NEWEST_OF_SINK, DeadLetterTable::letter, name.value(), died, died, from.id(), limit))
                .orElseGet(() -> jdbc.query(NEWEST, DeadLetterTable::letter, died, died, from.id(), limit));
    }

    private static DeadLetter letter(JdbcRunner.Row row) {
        return new DeadLetter(
                row.text(1),
                new SinkName(row.text(2)),
                EntryCodec.readEvent(row.bytes(6)),
                row.text(3),
                (int) row.number(4),
                row.instant(5));
    }

    /// The position of the oldest event among them.
    OptionalLong lowest() {
        return jdbc
                .query(
                        EVENTS,
                        row -> EntryCodec.readEvent(row.bytes(1)).position().value())
                .stream()
                .mapToLong(Long::longValue)
                .min();
    }

    long count() {
        return jdbc.queryOne(COUNT, row -> row.number(1)).orElse(0L);
    }

    int countBefore(Instant before) {
        return jdbc.queryOne(COUNT_BEFORE, row -> (int) row.number(1), before).orElse(0);
    }

    boolean exists(String id) {
        return jdbc.queryOne(EXISTS, row -> row.number(1) > 0, id).orElse(false);
    }
}

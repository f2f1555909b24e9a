package dev.tidemark.store.sql;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.JournalEntryCodec;
import dev.tidemark.store.engine.DeadLetterQueries;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Table of whole dead letters, because the journal may remove their events.
final class DeadLetterTable implements DeadLetterQueries {
    private static final String SELECT = """
            SELECT id, sink, reason, attempts, died_at, event, recalled, response_status, response_body FROM dead_letter
            """;
    private static final String NEWEST = SELECT + """
            WHERE died_at <= ? AND (died_at < ? OR id > ?) ORDER BY died_at DESC, id LIMIT ?
            """;
    private static final String NEWEST_OF_SINK = SELECT + """
            WHERE sink = ? AND died_at <= ? AND (died_at < ? OR id > ?) ORDER BY died_at DESC, id LIMIT ?
            """;

    /// Key before all letters.
    private static final DeadLetter.PageKey TOP = new DeadLetter.PageKey(Instant.parse("9999-12-31T00:00:00Z"), "");
    private static final String EVENTS = "SELECT event FROM dead_letter";
    private static final String COUNT = "SELECT COUNT(*) FROM dead_letter";
    private static final String COUNT_BEFORE = "SELECT COUNT(*) FROM dead_letter WHERE died_at < ?";
    private static final String EXISTS = "SELECT COUNT(*) FROM dead_letter WHERE id = ?";
    private static final String BEFORE = "SELECT id FROM dead_letter WHERE died_at < ? LIMIT ?";
    private static final String LATER = SELECT + "WHERE died_at > ? LIMIT ?";
    private static final String FIND = SELECT + "WHERE id = ?";
    private static final String UNRECALLED = SELECT + "WHERE NOT recalled AND id > ? ORDER BY id LIMIT ?";
    private static final String UNRECALLED_OF_SINK =
            SELECT + "WHERE NOT recalled AND id > ? AND sink = ? ORDER BY id LIMIT ?";

    private static final String COUNT_BY_SINK = "SELECT sink, COUNT(*) FROM dead_letter GROUP BY sink";
    private static final String COUNT_OF_SINK = "SELECT COUNT(*) FROM dead_letter WHERE sink = ?";
    private static final String RECALLED = SELECT + "WHERE sink = ? AND recalled ORDER BY died_at, id LIMIT ?";

    private final SqlReader sql;

    DeadLetterTable(SqlReader sql) {
        this.sql = sql;
    }

    @Override
    public Optional<DeadLetter> find(String id) {
        return sql.queryOne(FIND, DeadLetterTable::letter, id);
    }

    /// Returns the ids of at most `limit` letters that were dead-lettered before `time`.
    @Override
    public List<String> deadLetteredBefore(Instant time, int limit) {
        return sql.query(BEFORE, row -> row.text(1), time, limit);
    }

    /// Returns at most `limit` letters that were dead-lettered after `time`.
    @Override
    public List<Change.DeadLetterSaved> deadLetteredAfter(Instant time, int limit) {
        return sql.query(LATER, DeadLetterTable::saved, time, limit);
    }

    /// Returns at most `limit` letters of one sink or all that are not recalled, ordered by id, behind `after`.
    @Override
    public List<DeadLetter> unrecalled(Optional<SinkName> sink, String after, int limit) {
        return sink.map(name -> sql.query(UNRECALLED_OF_SINK, DeadLetterTable::letter, after, name.value(), limit))
                .orElseGet(() -> sql.query(UNRECALLED, DeadLetterTable::letter, after, limit));
    }

    @Override
    public List<DeadLetter> recalled(SinkName sink, int limit) {
        return sql.query(RECALLED, DeadLetterTable::letter, sink.value(), limit);
    }

    @Override
    public int count(Optional<SinkName> sink) {
        return sink.flatMap(name -> sql.queryOne(COUNT_OF_SINK, row -> (int) row.number(1), name.value()))
                .orElseGet(() -> (int) count());
    }

    @Override
    public List<DeadLetter> newest(Optional<SinkName> sink, Optional<DeadLetter.PageKey> after, int limit) {
        var from = after.orElse(TOP);
        var died = from.diedAt();
        return sink.map(name ->
                        sql.query(NEWEST_OF_SINK, DeadLetterTable::letter, name.value(), died, died, from.id(), limit))
                .orElseGet(() -> sql.query(NEWEST, DeadLetterTable::letter, died, died, from.id(), limit));
    }

    private static DeadLetter letter(SqlRow row) {
        return new DeadLetter(
                row.text(1),
                new SinkName(row.text(2)),
                JournalEntryCodec.readEvent(row.bytes(6)),
                row.text(3),
                (int) row.number(4),
                row.instant(5),
                row.optionalNumber(8).map(status -> new RefusedResponse(status.intValue(), row.text(9))));
    }

    private static Change.DeadLetterSaved saved(SqlRow row) {
        return new Change.DeadLetterSaved(letter(row), row.flag(7));
    }

    /// Returns the position of the oldest event among them.
    @Override
    public OptionalLong lowest() {
        return sql
                .query(
                        EVENTS,
                        row -> JournalEntryCodec.readEvent(row.bytes(1))
                                .position()
                                .value())
                .stream()
                .mapToLong(Long::longValue)
                .min();
    }

    @Override
    public long count() {
        return sql.queryOne(COUNT, row -> row.number(1)).orElse(0L);
    }

    @Override
    public Map<SinkName, Long> countsBySink() {
        return sql.query(COUNT_BY_SINK, row -> Map.entry(new SinkName(row.text(1)), row.number(2))).stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public int countBefore(Instant before) {
        return sql.queryOne(COUNT_BEFORE, row -> (int) row.number(1), before).orElse(0);
    }

    @Override
    public boolean exists(String id) {
        return sql.queryOne(EXISTS, row -> row.number(1) > 0, id).orElse(false);
    }

    /// Passes all rows to `sink`.
    void forEach(Consumer<Change> sink) {
        sql.forEach(SELECT, row -> sink.accept(saved(row)));
    }
}

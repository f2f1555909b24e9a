package dev.tidemark.store.sql;

import dev.tidemark.store.DeliveryStore.LaneDue;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.DeferredQueries;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Table of deferred deliveries.
final class DeferredDeliveryTable implements DeferredQueries {
    private static final String OF_LANE = """
        SELECT sink, position, lane, attempts, first_failed_at, next_attempt_at, overtaken, last_error FROM deferred
        WHERE sink = ? AND lane = ? ORDER BY position LIMIT ?
        """;
    private static final String OF_ANY_SINK = """
        SELECT sink, position, lane, attempts, first_failed_at, next_attempt_at, overtaken, last_error FROM deferred
        WHERE lane = ? AND position < ? LIMIT ?
        """;
    private static final String LATER = """
        SELECT sink, position, lane, attempts, first_failed_at, next_attempt_at, overtaken, last_error FROM deferred
        WHERE (first_failed_at > ? OR next_attempt_at > ?) AND (sink > ? OR sink = ? AND position > ?)
        ORDER BY sink, position LIMIT ?
        """;
    private static final String LANES =
            "SELECT lane, MIN(next_attempt_at), COUNT(*) FROM deferred WHERE sink = ? GROUP BY lane ORDER BY lane";
    private static final String COUNT = "SELECT COUNT(*) FROM deferred WHERE sink = ?";
    private static final String LOWEST = "SELECT position FROM deferred WHERE sink = ? ORDER BY position LIMIT 1";

    private static final String ALL = """
        SELECT sink, position, lane, attempts, first_failed_at, next_attempt_at, overtaken, last_error FROM deferred
        """;

    private final SqlReader sql;

    DeferredDeliveryTable(SqlReader sql) {
        this.sql = sql;
    }

    @Override
    public List<DeferredDelivery> ofLane(SinkName sink, String lane, int limit) {
        return sql.query(OF_LANE, DeferredDeliveryTable::row, sink.value(), lane, limit);
    }

    @Override
    public List<DeferredDelivery> ofLane(String lane, JournalPosition position, int limit) {
        return sql.query(OF_ANY_SINK, DeferredDeliveryTable::row, lane, position.value(), limit);
    }

    /// Returns at most `limit` rows with a timestamp after `time`, in order of their keys, behind the key of `sink`
    /// and `position`.
    @Override
    public List<DeferredDelivery> later(Instant time, SinkName sink, JournalPosition position, int limit) {
        var name = sink.value();
        return sql.query(LATER, DeferredDeliveryTable::row, time, time, name, name, position.value(), limit);
    }

    private static DeferredDelivery row(SqlRow row) {
        return new DeferredDelivery(
                new SinkName(row.text(1)),
                new JournalPosition(row.number(2)),
                row.text(3),
                (int) row.number(4),
                row.optionalInstant(5),
                row.instant(6),
                row.flag(7),
                row.optionalText(8));
    }

    @Override
    public List<LaneDue> lanes(SinkName sink) {
        return sql.query(LANES, row -> new LaneDue(row.text(1), row.instant(2), row.number(3)), sink.value());
    }

    @Override
    public long count(SinkName sink) {
        return sql.queryOne(COUNT, row -> row.number(1), sink.value()).orElse(0L);
    }

    @Override
    public Optional<Long> lowest(SinkName sink) {
        return sql.queryOne(LOWEST, row -> row.number(1), sink.value());
    }

    /// Passes all rows to `sink`.
    void forEach(Consumer<Change> sink) {
        sql.forEach(ALL, row -> sink.accept(new Change.DeliveryDeferred(row(row))));
    }
}

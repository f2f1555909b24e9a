package dev.tidemark.store.embedded;

import dev.tidemark.store.DeliveryStore.LaneDue;
import dev.tidemark.store.engine.DeferredQueries;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Table of deferred deliveries.
final class DeferredDeliveryTable implements DeferredQueries {
    private static final String MERGE = """
        MERGE INTO deferred
            (sink, position, lane, attempts, first_failed_at, next_attempt_at, overtaken, last_error)
        KEY (sink, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """;
    private static final String DELETE = "DELETE FROM deferred WHERE sink = ? AND position = ?";
    private static final String OF_LANE = """
        SELECT sink, position, lane, attempts, first_failed_at, next_attempt_at, overtaken, last_error FROM deferred
        WHERE sink = ? AND lane = ? ORDER BY position LIMIT ?
        """;
    private static final String LATER = """
        SELECT sink, position, lane, attempts, first_failed_at, next_attempt_at, overtaken, last_error FROM deferred
        WHERE (first_failed_at > ? OR next_attempt_at > ?) AND (sink > ? OR sink = ? AND position > ?)
        ORDER BY sink, position LIMIT ?
        """;
    private static final String LANES =
            "SELECT lane, MIN(next_attempt_at), COUNT(*) FROM deferred WHERE sink = ? GROUP BY lane ORDER BY lane";
    private static final String COUNT = "SELECT COUNT(*) FROM deferred WHERE sink = ?";
    private static final String LOWEST = "SELECT MIN(position) FROM deferred WHERE sink = ?";

    private final JdbcRunner jdbc;

    DeferredDeliveryTable(JdbcRunner jdbc) {
        this.jdbc = jdbc;
    }

    static void save(JdbcRunner.Tx tx, DeferredDelivery row) {
        tx.update(
                MERGE,
                row.sink().value(),
                row.position().value(),
                row.lane(),
                row.attempts(),
                row.firstFailedAt(),
                row.nextAttemptAt(),
                row.overtaken(),
                row.lastError());
    }

    static void remove(JdbcRunner.Tx tx, SinkName sink, JournalPosition position) {
        tx.update(DELETE, sink.value(), position.value());
    }

    @Override
    public List<DeferredDelivery> ofLane(SinkName sink, String lane, int limit) {
        return jdbc.query(OF_LANE, DeferredDeliveryTable::row, sink.value(), lane, limit);
    }

    /// Returns at most `limit` rows with a timestamp after `time`, in order of their keys, behind the key of `sink`
    /// and `position`.
    @Override
    public List<DeferredDelivery> later(Instant time, SinkName sink, JournalPosition position, int limit) {
        var name = sink.value();
        return jdbc.query(LATER, DeferredDeliveryTable::row, time, time, name, name, position.value(), limit);
    }

    private static DeferredDelivery row(JdbcRunner.Row row) {
        return new DeferredDelivery(
                new SinkName(row.text(1)),
                new JournalPosition(row.number(2)),
                row.text(3),
                (int) row.number(4),
                row.optional(5, Instant.class),
                row.instant(6),
                row.flag(7),
                row.optional(8, String.class));
    }

    @Override
    public List<LaneDue> lanes(SinkName sink) {
        return jdbc.query(LANES, row -> new LaneDue(row.text(1), row.instant(2), row.number(3)), sink.value());
    }

    @Override
    public long count(SinkName sink) {
        return jdbc.queryOne(COUNT, row -> row.number(1), sink.value()).orElse(0L);
    }

    @Override
    public Optional<Long> lowest(SinkName sink) {
        return jdbc.queryOne(LOWEST, row -> row.optional(1, Long.class), sink.value())
                .flatMap(lowest -> lowest);
    }
}

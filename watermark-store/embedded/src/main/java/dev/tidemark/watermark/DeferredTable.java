package dev.tidemark.watermark;

import dev.tidemark.watermark.Deliveries.LaneDue;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Events that a sink could not take in the ordinary run.
final class DeferredTable {
    private static final String MERGE = """
        MERGE INTO deferred
            (sink, position, lane, attempts, first_failed_at, next_attempt_at, overtaken, last_error)
        KEY (sink, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """;
    private static final String DELETE = "DELETE FROM deferred WHERE sink = ? AND position = ?";
    private static final String OF_LANE = """
        SELECT position, attempts, first_failed_at, next_attempt_at, overtaken, last_error FROM deferred
        WHERE sink = ? AND lane = ? ORDER BY position LIMIT ?
        """;
    private static final String LANES =
            "SELECT lane, MIN(next_attempt_at), COUNT(*) FROM deferred WHERE sink = ? GROUP BY lane ORDER BY lane";
    private static final String COUNT = "SELECT COUNT(*) FROM deferred WHERE sink = ?";
    private static final String LOWEST = "SELECT MIN(position) FROM deferred WHERE sink = ?";

    private final JdbcRunner jdbc;

    DeferredTable(JdbcRunner jdbc) {
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
                row.lastError().map(Lifecycle::clipped));
    }

    static void remove(JdbcRunner.Tx tx, SinkName sink, Position position) {
        tx.update(DELETE, sink.value(), position.value());
    }

    List<DeferredDelivery> ofLane(SinkName sink, String lane, int limit) {
        return jdbc.query(
                OF_LANE,
                row -> new DeferredDelivery(
                        sink,
                        new Position(row.number(1)),
                        lane,
                        (int) row.number(2),
                        row.optional(3, Instant.class),
                        row.instant(4),
                        row.flag(5),
                        row.optional(6, String.class)),
                sink.value(),
                lane,
                limit);
    }

    List<LaneDue> lanes(SinkName sink) {
        return jdbc.query(LANES, row -> new LaneDue(row.text(1), row.instant(2), row.number(3)), sink.value());
    }

    long count(SinkName sink) {
        return jdbc.queryOne(COUNT, row -> row.number(1), sink.value()).orElse(0L);
    }

    Optional<Long> lowest(SinkName sink) {
        return jdbc.queryOne(LOWEST, row -> row.optional(1, Long.class), sink.value())
                .flatMap(lowest -> lowest);
    }
}

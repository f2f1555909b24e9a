package dev.tidemark.store.embedded;

import dev.tidemark.store.change.PositionCodec;
import dev.tidemark.store.engine.SinkQueries;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Table of sinks' positions and states.
final class SinkTable implements SinkQueries {
    private static final String POSITION = "SELECT up_to, beyond FROM sink WHERE name = ?";
    private static final String STATUS =
            "SELECT failing_since, disabled, until_operator, last_error FROM sink WHERE name = ?";
    private static final String FAILING_AFTER = "SELECT name FROM sink WHERE failing_since > ?";
    private static final String MERGE = """
        MERGE INTO sink (name, up_to, beyond, failing_since, disabled, until_operator, last_error) KEY (name)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """;

    private final JdbcRunner jdbc;

    SinkTable(JdbcRunner jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<DeliveryPosition> position(SinkName sink) {
        return jdbc.queryOne(POSITION, row -> PositionCodec.read(row.number(1), row.bytes(2)), sink.value());
    }

    @Override
    public Optional<SinkStatus> status(SinkName sink) {
        return jdbc.queryOne(
                STATUS,
                row -> new SinkStatus(
                        row.optional(1, Instant.class), row.flag(2), row.flag(3), row.optional(4, String.class)),
                sink.value());
    }

    /// Returns the sinks that have been failing since an instant after `time`.
    @Override
    public List<SinkName> failingAfter(Instant time) {
        return jdbc.query(FAILING_AFTER, row -> new SinkName(row.text(1)), time);
    }

    static void save(JdbcRunner.Tx tx, SinkName sink, DeliveryPosition position, SinkStatus status) {
        tx.update(
                MERGE,
                sink.value(),
                position.upTo().value(),
                PositionCodec.write(position),
                status.failingSince(),
                status.disabled(),
                status.untilOperator(),
                status.lastError());
    }
}

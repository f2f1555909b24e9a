package dev.tidemark.store.sql;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.PositionCodec;
import dev.tidemark.store.engine.SinkQueries;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Table of sinks' positions and states.
final class SinkTable implements SinkQueries {
    private static final String POSITION = "SELECT up_to, beyond FROM sink WHERE name = ?";
    private static final String STATUS =
            "SELECT failing_since, disabled, until_operator, last_error FROM sink WHERE name = ?";
    private static final String NAMES = "SELECT name FROM sink ORDER BY name";
    private static final String FAILING_AFTER = "SELECT name FROM sink WHERE failing_since > ?";

    private static final String ALL =
            "SELECT name, up_to, beyond, failing_since, disabled, until_operator, last_error FROM sink";

    private final SqlReader sql;

    SinkTable(SqlReader sql) {
        this.sql = sql;
    }

    @Override
    public Optional<DeliveryPosition> position(SinkName sink) {
        return sql.queryOne(POSITION, row -> PositionCodec.read(row.number(1), row.bytes(2)), sink.value());
    }

    @Override
    public Optional<SinkStatus> status(SinkName sink) {
        return sql.queryOne(
                STATUS,
                row -> new SinkStatus(row.optionalInstant(1), row.flag(2), row.flag(3), row.optionalText(4)),
                sink.value());
    }

    @Override
    public List<SinkName> names() {
        return sql.query(NAMES, row -> new SinkName(row.text(1)));
    }

    /// Returns the sinks that have been failing since an instant after `time`.
    @Override
    public List<SinkName> failingAfter(Instant time) {
        return sql.query(FAILING_AFTER, row -> new SinkName(row.text(1)), time);
    }

    /// Passes all rows to `sink`.
    void forEach(Consumer<Change> sink) {
        sql.forEach(
                ALL,
                row -> sink.accept(new Change.SinkSaved(
                        new SinkName(row.text(1)),
                        PositionCodec.read(row.number(2), row.bytes(3)),
                        new SinkStatus(row.optionalInstant(4), row.flag(5), row.flag(6), row.optionalText(7)))));
    }
}

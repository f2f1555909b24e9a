package dev.tidemark.watermark;

import dev.tidemark.watermark.DeliveryPosition.Range;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How far each sink is, and how it is doing.
final class SinkTable {
    private static final int VERSION = 1;

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

    Optional<DeliveryPosition> position(SinkName sink) {
        return jdbc.queryOne(POSITION, row -> read(row.number(1), row.bytes(2)), sink.value());
    }

    Optional<SinkStatus> status(SinkName sink) {
        return jdbc.queryOne(
                STATUS,
                row -> new SinkStatus(
                        row.optional(1, Instant.class), row.flag(2), row.flag(3), row.optional(4, String.class)),
                sink.value());
    }

    /// Returns the sinks that have been failing since a time after `moment`.
    List<SinkName> failingAfter(Instant moment) {
        return jdbc.query(FAILING_AFTER, row -> new SinkName(row.text(1)), moment);
    }

    static void save(JdbcRunner.Tx tx, SinkName sink, DeliveryPosition position, SinkStatus status) {
        tx.update(
                MERGE,
                sink.value(),
                position.upTo().value(),
                write(position),
                status.failingSince(),
                status.disabled(),
                status.untilOperator(),
                status.lastError());
    }

    static byte[] write(DeliveryPosition position) {
        var out = new RowWriter().octet(VERSION);
        var before = position.upTo().value();
        for (var range : position.beyond()) {
            out.number(range.first().value() - before);
            out.number(range.last().value() - range.first().value());
            before = range.last().value();
        }
        return out.toBytes();
    }

    static DeliveryPosition read(long upTo, byte[] beyond) {
        var in = new RowReader(beyond);
        in.expectVersion(VERSION, "delivery position");
        var ranges = new ArrayList<Range>();
        var before = upTo;
        while (in.more()) {
            var first = before + in.number();
            before = first + in.number();
            ranges.add(new Range(new Position(first), new Position(before)));
        }
        return new DeliveryPosition(new Position(upTo), ranges);
    }
}

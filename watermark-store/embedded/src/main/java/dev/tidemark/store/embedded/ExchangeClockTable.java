package dev.tidemark.store.embedded;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.ClockOffsetQueries;
import dev.tidemark.values.ClockOffset;
import java.time.Duration;
import java.util.List;

/// Tables of clock offsets, measured from responses and bounded by the times of events.
final class ExchangeClockTable implements ClockOffsetQueries {
    private static final String OFFSETS = "SELECT connection, least_milli, most_milli FROM exchange_clock";
    private static final String MERGE_OFFSET = """
            MERGE INTO exchange_clock (connection, least_milli, most_milli) KEY (connection) VALUES (?, ?, ?)
            """;
    private static final String EVENT_TIMES = "SELECT connection, ahead_milli FROM exchange_event_time";
    private static final String MERGE_EVENT_TIME = """
            MERGE INTO exchange_event_time (connection, ahead_milli) KEY (connection) VALUES (?, ?)
            """;

    private final JdbcRunner jdbc;

    ExchangeClockTable(JdbcRunner jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public List<Change.ClockOffsetSaved> offsets() {
        return jdbc.query(
                OFFSETS,
                row -> new Change.ClockOffsetSaved(
                        row.text(1),
                        new ClockOffset(Duration.ofMillis(row.number(2)), Duration.ofMillis(row.number(3)))));
    }

    @Override
    public List<Change.EventTimeSaved> eventTimes() {
        return jdbc.query(EVENT_TIMES, row -> new Change.EventTimeSaved(row.text(1), Duration.ofMillis(row.number(2))));
    }

    static void saveOffset(JdbcRunner.Tx tx, String connection, ClockOffset offset) {
        tx.update(
                MERGE_OFFSET,
                connection,
                offset.least().toMillis(),
                offset.most().toMillis());
    }

    static void saveEventTime(JdbcRunner.Tx tx, String connection, Duration ahead) {
        tx.update(MERGE_EVENT_TIME, connection, ahead.toMillis());
    }
}

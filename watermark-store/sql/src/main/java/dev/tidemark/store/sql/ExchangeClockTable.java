package dev.tidemark.store.sql;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.ClockOffsetQueries;
import dev.tidemark.values.ClockOffset;
import java.time.Duration;
import java.util.List;

/// Tables of clock offsets, measured from responses and bounded by the times of events.
final class ExchangeClockTable implements ClockOffsetQueries {
    private static final String OFFSETS = "SELECT connection, least_milli, most_milli FROM exchange_clock";
    private static final String EVENT_TIMES = "SELECT connection, ahead_milli FROM exchange_event_time";

    private final SqlReader sql;

    ExchangeClockTable(SqlReader sql) {
        this.sql = sql;
    }

    @Override
    public List<Change.ClockOffsetSaved> offsets() {
        return sql.query(
                OFFSETS,
                row -> new Change.ClockOffsetSaved(
                        row.text(1),
                        new ClockOffset(Duration.ofMillis(row.number(2)), Duration.ofMillis(row.number(3)))));
    }

    @Override
    public List<Change.EventTimeSaved> eventTimes() {
        return sql.query(EVENT_TIMES, row -> new Change.EventTimeSaved(row.text(1), Duration.ofMillis(row.number(2))));
    }
}

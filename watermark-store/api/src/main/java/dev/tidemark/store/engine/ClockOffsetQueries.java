package dev.tidemark.store.engine;

import dev.tidemark.store.change.Change;
import java.util.List;

/// Reads the offsets of Exchange's clocks, measured from responses and bounded by the times of events.
public interface ClockOffsetQueries {
    List<Change.ClockOffsetSaved> offsets();

    List<Change.EventTimeSaved> eventTimes();
}

package dev.tidemark.store.engine;

import dev.tidemark.store.change.Change;
import java.util.List;

/// Reads the offsets of Exchange's clocks: as servers' responses show them, and as the times of events bound them.
public interface ClockOffsetQueries {
    List<Change.ClockOffsetSaved> offsets();

    List<Change.EventTimeSaved> eventTimes();
}

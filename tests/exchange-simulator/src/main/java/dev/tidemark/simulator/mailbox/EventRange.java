package dev.tidemark.simulator.mailbox;

import java.util.List;

/// Range of history for one subscription. `more` is true if further events follow, `forgotten` if events after
/// the position are no longer known.
public record EventRange(List<LoggedEvent> events, boolean more, long end, boolean forgotten) {
    /// Returns the position of the last event; there must be one.
    public long last() {
        return events.get(events.size() - 1).counter();
    }
}

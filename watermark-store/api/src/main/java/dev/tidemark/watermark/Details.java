package dev.tidemark.watermark;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What events tell of their items, kept beside the journal because it is known only later. The first word
/// counts: what was stored for an event is never changed, so that it is told alike at every attempt. Safe for
/// use by many threads; durable on return.
public interface Details {
    /// Of a store that keeps none.
    Details NONE = new Details() {
        @Override
        public void groups(Set<String> groups) {}

        @Override
        public boolean wanted(JournalEvent event) {
            return false;
        }

        @Override
        public Optional<Position> oldestWanted() {
            return Optional.empty();
        }

        @Override
        public Optional<Detail> at(Position position) {
            return Optional.empty();
        }

        @Override
        public void settle(Map<Position, Detail> details) {}
    };

    /// From the journal's end on the events of these groups, and of no others, have a detail. What was
    /// journalled before stays as it was meant then.
    void groups(Set<String> groups);

    /// Whether the event is one that tells of its item; settled or not. Costs no database access.
    boolean wanted(JournalEvent event);

    /// The position before the oldest event that may be wanted; empty where no group is, or was, to have details.
    Optional<Position> oldestWanted();

    /// What the event at `position` tells, once that is settled.
    Optional<Detail> at(Position position);

    /// Settles what is not settled yet; what is stays.
    void settle(Map<Position, Detail> details);

    /// Counts what was settled since the start.
    default DetailCounters counters() {
        return DetailCounters.NONE;
    }
}

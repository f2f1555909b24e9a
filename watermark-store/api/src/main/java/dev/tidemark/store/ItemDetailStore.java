package dev.tidemark.store;

import dev.tidemark.store.model.DetailCounters;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What events tell of their items, kept beside the journal because it is known only later. The first word
/// counts: what was stored for an event is never changed, so that it is told alike at every attempt. Safe for
/// use by many threads; durable on return.
public interface ItemDetailStore {
    /// Of a store that keeps none.
    ItemDetailStore NONE = new ItemDetailStore() {
        @Override
        public void groups(Set<String> groups) {}

        @Override
        public boolean wanted(JournalEvent event) {
            return false;
        }

        @Override
        public Optional<JournalPosition> oldestWanted() {
            return Optional.empty();
        }

        @Override
        public Optional<ItemDetail> at(JournalPosition position) {
            return Optional.empty();
        }

        @Override
        public void settle(Map<JournalPosition, ItemDetail> details) {}
    };

    /// From the journal's end on the events of these groups, and of no others, have a detail. What was
    /// journalled before stays as it was meant then.
    void groups(Set<String> groups);

    /// Whether the event is one that tells of its item; settled or not. Costs no database access.
    boolean wanted(JournalEvent event);

    /// The position before the oldest event that may be wanted; empty where no group is, or was, to have details.
    Optional<JournalPosition> oldestWanted();

    /// What the event at `position` tells, once that is settled.
    Optional<ItemDetail> at(JournalPosition position);

    /// Settles what is not settled yet; what is stays.
    void settle(Map<JournalPosition, ItemDetail> details);

    /// Counts what was settled since the start.
    default DetailCounters counters() {
        return DetailCounters.NONE;
    }
}

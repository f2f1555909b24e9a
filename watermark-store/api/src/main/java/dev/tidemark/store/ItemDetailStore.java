package dev.tidemark.store;

import dev.tidemark.store.model.DetailCounters;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Stores item details of events beside the journal, because they arrive later. The first write counts: the detail
/// of an event never changes, so every delivery attempt sends the same. Durable on return. Thread-safe.
public interface ItemDetailStore {
    /// Details of a store that keeps none.
    ItemDetailStore NONE = new ItemDetailStore() {
        @Override
        public void setGroups(Set<String> groups) {}

        @Override
        public boolean wantsDetail(JournalEvent event) {
            return false;
        }

        @Override
        public Optional<JournalPosition> oldestWanted() {
            return Optional.empty();
        }

        @Override
        public Optional<ItemDetail> find(JournalPosition position) {
            return Optional.empty();
        }

        @Override
        public void save(Map<JournalPosition, ItemDetail> details) {}
    };

    /// Sets the groups whose events have details, from the journal's end on. Earlier events keep the setting of
    /// their time.
    void setGroups(Set<String> groups);

    /// Returns whether the event should have a detail, saved or not. Does not access the database.
    boolean wantsDetail(JournalEvent event);

    /// Returns the position before the oldest event that may need a detail; empty if no group has or had details.
    Optional<JournalPosition> oldestWanted();

    /// Returns the detail of the event at `position`, once saved.
    Optional<ItemDetail> find(JournalPosition position);

    /// Saves details of events that have none yet; existing details stay.
    void save(Map<JournalPosition, ItemDetail> details);

    /// Returns the number of details saved since the start.
    default DetailCounters counters() {
        return DetailCounters.NONE;
    }
}

package dev.tidemark.forwarder;

import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Deferred events of a sink: the rows of the store plus changes that are not saved yet. [SinkWriteBuffer]
/// saves them. Not thread-safe; guarded by the sink's lock.
final class DeferredDeliveryOverlay {
    private static final int PAGE = 16;

    /// number of lanes whose first rows stay in memory
    private static final int MAX_PAGES = 1024;

    private static final int MAX_DROPPED = 1024;

    private final SinkName sink;
    private final DeliveryStore deliveries;
    private final Map<JournalPosition, DeferredDelivery> changed = new HashMap<>();
    private final Set<JournalPosition> done = new HashSet<>();

    /// first stored rows of the lanes that were read last; the events of a lane are often sent one after another
    private final Map<String, StoredPage> pages = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, StoredPage> eldest) {
            return size() > MAX_PAGES;
        }
    };

    DeferredDeliveryOverlay(SinkName sink, DeliveryStore deliveries) {
        this.sink = sink;
        this.deliveries = deliveries;
    }

    void put(DeferredDelivery row) {
        changed.put(row.position(), row);
    }

    void done(JournalPosition position) {
        changed.remove(position);
        done.add(position);
    }

    /// Finishes the rows of a lane up to a position, at most one page of them; returns their number.
    int dropUpTo(String lane, JournalPosition last) {
        var dropped = withOverlay(lane, readPage(lane, MAX_DROPPED)).stream()
                .map(DeferredDelivery::position)
                .filter(position -> position.compareTo(last) <= 0)
                .toList();
        dropped.forEach(this::done);
        return dropped.size();
    }

    /// Drops the unsaved rows of a lane, and the stored rows in memory; returns the number of unsaved ones.
    int forget(String lane) {
        pages.remove(lane);
        var dropped = changed.values().stream()
                .filter(row -> row.lane().equals(lane))
                .map(DeferredDelivery::position)
                .toList();
        dropped.forEach(this::done);
        return dropped.size();
    }

    /// Returns the next step of a lane. Reads more rows until one can be sent or none can.
    LaneStep step(String lane, LaneRule rule) {
        for (var limit = PAGE; ; limit *= 2) {
            var page = limit == PAGE ? pages.computeIfAbsent(lane, this::firstPage) : readPage(lane, limit);
            var step = rule.nextStep(withOverlay(lane, page));
            if (step instanceof LaneStep.Send || !page.isFull() || isHeld(step)) {
                return step;
            }
        }
    }

    private StoredPage firstPage(String lane) {
        return readPage(lane, PAGE);
    }

    private StoredPage readPage(String lane, int limit) {
        var stored = deliveries.deferred(sink, lane, limit);
        return new StoredPage(stored, stored.size() == limit);
    }

    /// First rows of a lane as the store holds them.
    ///
    /// @param isFull true if the lane may have later rows
    private record StoredPage(List<DeferredDelivery> rows, boolean isFull) {
        /// Merges changes into the rows. Drops changes behind the last row of a full page, because rows before them
        /// were not read.
        List<DeferredDelivery> with(List<DeferredDelivery> changes, Set<JournalPosition> removed) {
            var merged = new TreeMap<JournalPosition, DeferredDelivery>();
            rows.forEach(row -> merged.put(row.position(), row));
            changes.stream().filter(row -> covers(row.position())).forEach(row -> merged.put(row.position(), row));
            merged.keySet().removeIf(removed::contains);
            return List.copyOf(merged.values());
        }

        private boolean covers(JournalPosition position) {
            return !isFull || position.compareTo(rows.getLast().position()) <= 0;
        }

        StoredPage afterSave(List<DeferredDelivery> changes, Set<JournalPosition> removed) {
            var saved = with(changes, removed);
            return new StoredPage(saved.subList(0, Math.min(PAGE, saved.size())), isFull || saved.size() > PAGE);
        }

        boolean isUsedUp() {
            return isFull && rows.isEmpty();
        }
    }

    /// Rule that chooses the next step from the rows of a lane.
    interface LaneRule {
        LaneStep nextStep(List<DeferredDelivery> rows);
    }

    private static boolean isHeld(LaneStep step) {
        return step instanceof LaneStep.Wait wait && !wait.open();
    }

    private List<DeferredDelivery> withOverlay(String lane, StoredPage page) {
        return page.with(
                changed.values().stream().filter(row -> row.lane().equals(lane)).toList(), done);
    }

    boolean isDirty() {
        return !changed.isEmpty() || !done.isEmpty();
    }

    int unsavedCount() {
        return changed.size() + done.size();
    }

    Collection<DeferredDelivery> changedRows() {
        return List.copyOf(changed.values());
    }

    Collection<JournalPosition> doneRows() {
        return List.copyOf(done);
    }

    void onSaved() {
        var byLane = changed.values().stream().collect(Collectors.groupingBy(DeferredDelivery::lane));
        pages.replaceAll((lane, page) -> page.afterSave(byLane.getOrDefault(lane, List.of()), done));
        pages.values().removeIf(StoredPage::isUsedUp);
        changed.clear();
        done.clear();
    }
}

package dev.tidemark.forwarder;

import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Deferred events of a sink: the rows of the store plus changes that are not saved yet. [SinkWriteBuffer]
/// saves them. Not thread-safe; guarded by the sink's lock.
final class DeferredDeliveryOverlay {
    private static final int PAGE = 64;
    private static final int MAX_DROPPED = 1024;

    private final SinkName sink;
    private final DeliveryStore deliveries;
    private final Map<JournalPosition, DeferredDelivery> changed = new HashMap<>();
    private final Set<JournalPosition> done = new HashSet<>();

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
        var stored = deliveries.deferred(sink, lane, MAX_DROPPED);
        var dropped = withOverlay(lane, stored, stored.size() == MAX_DROPPED).stream()
                .map(DeferredDelivery::position)
                .filter(position -> position.compareTo(last) <= 0)
                .toList();
        dropped.forEach(this::done);
        return dropped.size();
    }

    /// Drops the unsaved rows of a lane; returns their number.
    int forget(String lane) {
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
            var stored = deliveries.deferred(sink, lane, limit);
            var step = rule.nextStep(withOverlay(lane, stored, stored.size() == limit));
            if (step instanceof LaneStep.Send || stored.size() < limit || isHeld(step)) {
                return step;
            }
        }
    }

    /// Rule that chooses the next step from the rows of a lane.
    interface LaneRule {
        LaneStep nextStep(List<DeferredDelivery> rows);
    }

    private static boolean isHeld(LaneStep step) {
        return step instanceof LaneStep.Wait wait && !wait.open();
    }

    /// Merges unsaved changes into the stored rows. If the page is full, drops changes after its last row,
    /// because rows before them were not read.
    private List<DeferredDelivery> withOverlay(String lane, List<DeferredDelivery> stored, boolean full) {
        var rows = new TreeMap<JournalPosition, DeferredDelivery>();
        stored.forEach(row -> rows.put(row.position(), row));
        changed.values().stream()
                .filter(row -> row.lane().equals(lane))
                .filter(row ->
                        !full || row.position().compareTo(stored.getLast().position()) <= 0)
                .forEach(row -> rows.put(row.position(), row));
        done.forEach(rows::remove);
        return List.copyOf(rows.values());
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
        changed.clear();
        done.clear();
    }
}

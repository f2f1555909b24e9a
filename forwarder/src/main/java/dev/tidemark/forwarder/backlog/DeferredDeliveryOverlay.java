package dev.tidemark.forwarder.backlog;

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

/// Deferred events of a sink: the store's rows with what changed since they were saved laid over them. Used
/// by one thread.
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

    /// Is done with rows of a lane up to a position, as many as are read at once; returns how many.
    int dropUpTo(String lane, JournalPosition last) {
        var stored = deliveries.deferred(sink, lane, MAX_DROPPED);
        var dropped = withOverlay(lane, stored, stored.size() == MAX_DROPPED).stream()
                .map(DeferredDelivery::position)
                .filter(position -> position.compareTo(last) <= 0)
                .toList();
        dropped.forEach(this::done);
        return dropped.size();
    }

    /// The first rows of a lane in order of position, enough of them that one is to be sent or none is.
    LaneStep step(String lane, LaneRule rule) {
        for (var limit = PAGE; ; limit *= 2) {
            var stored = deliveries.deferred(sink, lane, limit);
            var step = rule.nextStep(withOverlay(lane, stored, stored.size() == limit));
            if (step instanceof LaneStep.Send || stored.size() < limit || isHeld(step)) {
                return step;
            }
        }
    }

    /// What is to be done with the rows of a lane.
    interface LaneRule {
        LaneStep nextStep(List<DeferredDelivery> rows);
    }

    private static boolean isHeld(LaneStep step) {
        return step instanceof LaneStep.Wait wait && !wait.open();
    }

    /// Behind a full page are rows that were not read: unsaved ones behind it must not be taken for the next.
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

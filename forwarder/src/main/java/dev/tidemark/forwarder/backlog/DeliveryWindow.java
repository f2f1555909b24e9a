package dev.tidemark.forwarder.backlog;

import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.store.model.JournalPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Events that were read and wait for their first success, each in its lane; one request at a time has events
/// of a lane. Its size is bounded by whoever adds. Used by one thread.
public final class DeliveryWindow {
    private static final Deque<JournalPosition> EMPTY = new ArrayDeque<>();

    private final DeliveryOrdering ordering;
    private final NavigableMap<JournalPosition, PendingDelivery> all = new TreeMap<>();
    private final Map<String, Deque<JournalPosition>> lanes = new HashMap<>();
    private final LinkedHashSet<String> ready = new LinkedHashSet<>();

    public DeliveryWindow(DeliveryOrdering ordering) {
        this.ordering = ordering;
    }

    public int size() {
        return all.size();
    }

    public boolean hasReady() {
        return !ready.isEmpty();
    }

    Optional<PendingDelivery> oldest() {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.firstEntry().getValue());
    }

    public void add(PendingDelivery delivery) {
        all.put(delivery.position(), delivery);
        var key = keyOf(delivery);
        var queue = lanes.computeIfAbsent(key, ignored -> new ArrayDeque<>());
        queue.add(delivery.position());
        if (queue.size() == 1) {
            ready.add(key);
        }
    }

    /// The first events of the lanes that have waited longest for their turn, as many as may go together; the
    /// lanes are then busy.
    public List<PendingDelivery> poll(int most) {
        var taken = new ArrayList<PendingDelivery>();
        var limit = most;
        while (!ready.isEmpty() && taken.size() < limit) {
            var lane = ready.removeFirst();
            var before = taken.size();
            limit = pollLane(lane, limit, taken);
            if (taken.size() == before) {
                // it wants less company than there is already
                ready.addFirst(lane);
                return taken;
            }
        }
        return taken;
    }

    /// Returns how many may go together with what was taken.
    private int pollLane(String lane, int most, List<PendingDelivery> taken) {
        var limit = most;
        for (var position : lanes.getOrDefault(lane, EMPTY)) {
            var delivery = at(lane, position);
            if (taken.size() >= Math.min(limit, delivery.company())) {
                break;
            }
            limit = Math.min(limit, delivery.company());
            taken.add(delivery);
        }
        return limit;
    }

    /// Whether there are enough events for a full request.
    boolean hasReady(int most) {
        var count = 0;
        for (var lane : ready) {
            count += lanes.getOrDefault(lane, EMPTY).size();
            if (count >= most) {
                return true;
            }
        }
        return false;
    }

    /// The oldest event that is not under way, or with `other` the oldest of another lane than that, if any.
    Optional<PendingDelivery> pollOldest(boolean other) {
        var heads = all.values().stream()
                .filter(delivery -> ready.contains(keyOf(delivery)))
                .toList();
        if (heads.isEmpty()) {
            return Optional.empty();
        }
        var oldest = heads.getFirst();
        var chosen = heads.stream()
                .filter(delivery -> other && !keyOf(delivery).equals(keyOf(oldest)))
                .findFirst()
                .orElse(oldest);
        ready.remove(keyOf(chosen));
        return Optional.of(chosen);
    }

    /// The event is done with; the next of its lane may go.
    public void remove(PendingDelivery delivery) {
        var key = keyOf(delivery);
        all.remove(delivery.position());
        lanes.computeIfPresent(key, (ignored, queue) -> {
            queue.remove(delivery.position());
            return queue.isEmpty() ? null : queue;
        });
        if (lanes.containsKey(key)) {
            ready.addLast(key);
        } else {
            ready.remove(key);
        }
    }

    /// The event was tried in vain and keeps its place.
    public void requeue(PendingDelivery tried) {
        all.put(tried.position(), tried);
        ready.addFirst(keyOf(tried));
    }

    /// Takes out an event and all behind it in its lane, in order.
    List<PendingDelivery> removeLane(PendingDelivery delivery) {
        var key = keyOf(delivery);
        ready.remove(key);
        var withdrawn = new ArrayList<PendingDelivery>();
        for (var position : Optional.ofNullable(lanes.remove(key)).orElseGet(ArrayDeque::new)) {
            Optional.ofNullable(all.remove(position)).ifPresent(withdrawn::add);
        }
        return withdrawn;
    }

    /// Takes out the events up to a position, but for lanes that are under way.
    List<PendingDelivery> removeUpTo(JournalPosition last) {
        var withdrawn = all.headMap(last, true).values().stream()
                .filter(delivery -> ready.contains(keyOf(delivery)))
                .toList();
        withdrawn.forEach(this::removeReady);
        return withdrawn;
    }

    private void removeReady(PendingDelivery delivery) {
        var key = keyOf(delivery);
        all.remove(delivery.position());
        var queue = lanes.getOrDefault(key, EMPTY);
        queue.remove(delivery.position());
        if (queue.isEmpty()) {
            lanes.remove(key);
            ready.remove(key);
        }
    }

    private PendingDelivery at(String key, JournalPosition position) {
        var delivery = all.get(position);
        if (delivery == null) {
            throw new IllegalStateException("Lane " + key + " names an event at " + position + " that is not there.");
        }
        return delivery;
    }

    private String keyOf(PendingDelivery delivery) {
        return switch (ordering) {
            case MAILBOX -> delivery.lane();
            case NONE -> Long.toString(delivery.position().value());
        };
    }
}

package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.store.model.JournalPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Events that were read and wait for their first delivery, queued per lane. Only one request at a time holds
/// events of a lane. Callers bound the size. Not thread-safe; guarded by the sink's lock.
final class DeliveryWindow {
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

    /// Returns the next events to send together, from the lanes that waited longest. Marks these lanes busy.
    public List<PendingDelivery> poll(int max) {
        var polled = new ArrayList<PendingDelivery>();
        var limit = max;
        while (!ready.isEmpty() && polled.size() < limit) {
            var lane = ready.removeFirst();
            var before = polled.size();
            limit = pollLane(lane, limit, polled);
            if (polled.size() == before) {
                // its event requires a smaller batch than this one
                ready.addFirst(lane);
                return polled;
            }
        }
        return polled;
    }

    /// Adds events of one lane and returns the batch limit that holds after them.
    private int pollLane(String lane, int max, List<PendingDelivery> polled) {
        var limit = max;
        for (var position : lanes.getOrDefault(lane, EMPTY)) {
            var delivery = at(lane, position);
            if (polled.size() >= Math.min(limit, delivery.maxBatchSize())) {
                break;
            }
            limit = Math.min(limit, delivery.maxBatchSize());
            polled.add(delivery);
        }
        return limit;
    }

    /// Returns true if the ready lanes fill a request of this size.
    boolean hasReady(int max) {
        var count = 0;
        for (var lane : ready) {
            count += lanes.getOrDefault(lane, EMPTY).size();
            if (count >= max) {
                return true;
            }
        }
        return false;
    }

    /// Returns the oldest event that is not in flight. With `other`, prefers the oldest event of a different
    /// lane.
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

    /// Removes a finished event and frees its lane.
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

    /// Returns an event after a failure of the sink; it keeps its place.
    public void requeue(PendingDelivery tried) {
        all.put(tried.position(), tried);
        ready.addFirst(keyOf(tried));
    }

    /// Removes an event and all later events of its lane; returns them in order.
    List<PendingDelivery> removeLane(PendingDelivery delivery) {
        var key = keyOf(delivery);
        ready.remove(key);
        var withdrawn = new ArrayList<PendingDelivery>();
        for (var position : Optional.ofNullable(lanes.remove(key)).orElseGet(ArrayDeque::new)) {
            Optional.ofNullable(all.remove(position)).ifPresent(withdrawn::add);
        }
        return withdrawn;
    }

    /// Removes the events up to a position, except those of lanes in flight.
    List<PendingDelivery> removeUpTo(JournalPosition last) {
        return removeIdle(all.headMap(last, true).values(), delivery -> true);
    }

    /// Removes the events that match, except those of lanes in flight.
    List<PendingDelivery> removeIf(Predicate<PendingDelivery> unwanted) {
        return removeIdle(all.values(), unwanted);
    }

    private List<PendingDelivery> removeIdle(Collection<PendingDelivery> some, Predicate<PendingDelivery> unwanted) {
        var withdrawn = some.stream()
                .filter(delivery -> ready.contains(keyOf(delivery)))
                .filter(unwanted)
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

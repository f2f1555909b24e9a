package dev.tidemark.forwarder;

import dev.tidemark.watermark.Position;
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

/// Events that were read and wait for their first success, each in its lane; one of a lane is under way at a
/// time. Its size is bounded by whoever adds. Used by one thread.
final class Window {
    private final Ordering ordering;
    private final NavigableMap<Position, Delivery> all = new TreeMap<>();
    private final Map<String, Deque<Position>> lanes = new HashMap<>();
    private final LinkedHashSet<String> ready = new LinkedHashSet<>();

    Window(Ordering ordering) {
        this.ordering = ordering;
    }

    int size() {
        return all.size();
    }

    boolean hasReady() {
        return !ready.isEmpty();
    }

    Optional<Delivery> oldest() {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.firstEntry().getValue());
    }

    void add(Delivery delivery) {
        all.put(delivery.position(), delivery);
        var key = keyOf(delivery);
        var queue = lanes.computeIfAbsent(key, ignored -> new ArrayDeque<>());
        queue.add(delivery.position());
        if (queue.size() == 1) {
            ready.add(key);
        }
    }

    /// The first event of the lane that has waited longest for its turn; the lane is then busy.
    Optional<Delivery> take() {
        if (ready.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(headOf(ready.removeFirst()));
    }

    /// The oldest event that is not under way, or with `other` the oldest of another lane than that, if any.
    Optional<Delivery> takeOldest(boolean other) {
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
    void remove(Delivery delivery) {
        var key = keyOf(delivery);
        all.remove(delivery.position());
        lanes.computeIfPresent(key, (ignored, queue) -> {
            queue.remove(delivery.position());
            return queue.isEmpty() ? null : queue;
        });
        if (lanes.containsKey(key)) {
            ready.addLast(key);
        }
    }

    /// The event was tried in vain and keeps its place.
    void putBack(Delivery tried) {
        all.put(tried.position(), tried);
        ready.addFirst(keyOf(tried));
    }

    /// Takes out an event and all behind it in its lane, in order.
    List<Delivery> withdrawLane(Delivery delivery) {
        var key = keyOf(delivery);
        ready.remove(key);
        var withdrawn = new ArrayList<Delivery>();
        for (var position : Optional.ofNullable(lanes.remove(key)).orElseGet(ArrayDeque::new)) {
            Optional.ofNullable(all.remove(position)).ifPresent(withdrawn::add);
        }
        return withdrawn;
    }

    private Delivery headOf(String key) {
        var position = lanes.getOrDefault(key, new ArrayDeque<>()).getFirst();
        var delivery = all.get(position);
        if (delivery == null) {
            throw new IllegalStateException("Lane " + key + " names an event at " + position + " that is not there.");
        }
        return delivery;
    }

    private String keyOf(Delivery delivery) {
        return switch (ordering) {
            case MAILBOX -> delivery.lane();
            case NONE -> Long.toString(delivery.position().value());
        };
    }
}

package dev.tidemark.forwarder;

import dev.tidemark.forwarder.PendingDelivery.AttemptHistory;
import dev.tidemark.store.model.JournalPosition;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Queue of lanes with deferred events, ordered by their next check. Only the lanes are in memory; their events
/// are in the store. Not thread-safe; guarded by the sink's lock.
final class ParkedLaneQueue {
    /// @param open true if a new event behind the deferred ones could be sent at once
    /// @param tried event of this lane whose last attempt failed by the sink's fault
    private record Lane(String name, Instant due, boolean busy, boolean open, Tried tried) {
        Lane waiting(Instant time, boolean isOpen) {
            return new Lane(name, time, false, isOpen, tried);
        }
    }

    private record Tried(JournalPosition position, AttemptHistory trial) {
        static final Tried NOTHING = new Tried(JournalPosition.START, AttemptHistory.NONE);
    }

    private final Map<String, Lane> lanes = new HashMap<>();
    private final TreeSet<Lane> waiting =
            new TreeSet<>(Comparator.comparing(Lane::due).thenComparing(Lane::name));

    boolean isEmpty() {
        return lanes.isEmpty();
    }

    boolean contains(String lane) {
        return lanes.containsKey(lane);
    }

    /// Adds a lane whose event was deferred until `due`.
    void park(String name, Instant due) {
        var lane = lanes.get(name);
        if (lane == null) {
            put(new Lane(name, due, false, false, Tried.NOTHING));
        } else if (!lane.busy() && due.isBefore(lane.due())) {
            put(lane.waiting(due, lane.open()));
        }
    }

    /// Makes an open lane due, because a new event joined it.
    void onJoined(String name, Instant now) {
        var lane = lanes.get(name);
        if (lane != null && !lane.busy() && lane.open()) {
            put(lane.waiting(now, false));
        }
    }

    /// Returns the first lane that is due and marks it busy.
    Optional<String> pollDue(Instant now) {
        return waiting.isEmpty() || waiting.getFirst().due().isAfter(now)
                ? Optional.empty()
                : Optional.of(markBusy(waiting.getFirst()));
    }

    private String markBusy(Lane lane) {
        put(new Lane(lane.name(), lane.due(), true, false, lane.tried()));
        return lane.name();
    }

    void requeue(String name, Instant due, boolean open) {
        var lane = lanes.get(name);
        if (lane != null) {
            put(lane.waiting(due, open));
        }
    }

    /// Records attempts that failed by the sink's fault; the event's row does not count them.
    void recordAttempts(String name, JournalPosition position, AttemptHistory trial) {
        var lane = lanes.get(name);
        if (lane != null) {
            put(new Lane(name, lane.due(), lane.busy(), lane.open(), new Tried(position, trial)));
        }
    }

    AttemptHistory attemptsOf(String name, JournalPosition position) {
        var lane = lanes.get(name);
        return lane != null && lane.tried().position().equals(position)
                ? lane.tried().trial()
                : AttemptHistory.NONE;
    }

    void remove(String name) {
        var lane = lanes.remove(name);
        if (lane != null) {
            waiting.remove(lane);
        }
    }

    Optional<Instant> nextDue() {
        return waiting.isEmpty()
                ? Optional.empty()
                : Optional.of(waiting.getFirst().due());
    }

    private void put(Lane lane) {
        var before = lanes.put(lane.name(), lane);
        if (before != null) {
            waiting.remove(before);
        }
        if (!lane.busy()) {
            waiting.add(lane);
        }
    }
}

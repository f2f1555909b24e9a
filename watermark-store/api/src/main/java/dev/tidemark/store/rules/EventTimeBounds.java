package dev.tidemark.store.rules;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.ClockOffsetQueries;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Derives the minimum lead of Exchange's clock from live events. An event is received after it happened, so its
/// time minus that of its receipt is a lower bound. The largest of the last one to two hours counts, because
/// deliveries may be late. The store keeps it. Written under the write lock; read by any thread.
final class EventTimeBounds {
    private static final Duration WINDOW = Duration.ofHours(1);

    /// Larger differences are not clock errors.
    private static final Duration MAX_DIFFERENCE = Duration.ofDays(366);

    /// Smaller changes are not written again.
    private static final Duration NOTABLE = Duration.ofSeconds(30);

    private final Map<String, Bounds> bounds = new ConcurrentHashMap<>();
    private final Map<String, Duration> saved = new ConcurrentHashMap<>();

    /// Largest bounds of two consecutive windows.
    private record Bounds(Instant start, Duration before, Duration current) {
        Bounds with(Duration bound, Instant at) {
            return Duration.between(start, at).abs().compareTo(WINDOW) > 0
                    ? new Bounds(at, current, bound)
                    : new Bounds(start, before, larger(current, bound));
        }

        Duration largest() {
            return larger(before, current);
        }

        private static Duration larger(Duration one, Duration other) {
            return one.compareTo(other) > 0 ? one : other;
        }
    }

    EventTimeBounds(ClockOffsetQueries stored) {
        stored.eventTimes().forEach(this::follow);
    }

    /// Takes over a bound that is stored, from a previous use or by another node.
    void follow(Change.EventTimeSaved row) {
        saved.put(row.connection(), row.ahead());
        bounds.put(row.connection(), new Bounds(Instant.EPOCH, row.ahead(), row.ahead()));
    }

    Optional<Duration> largest(String connection) {
        return Optional.ofNullable(bounds.get(connection)).map(Bounds::largest);
    }

    /// Records the time of the newest event of a notification that was received at `receivedAt`.
    void learnFrom(StoreChangeSet changeSet, String connection, Instant newest, Instant receivedAt) {
        var bound = Duration.between(receivedAt, newest);
        if (bound.abs().compareTo(MAX_DIFFERENCE) > 0) {
            return;
        }
        var known = bounds.get(connection);
        var next = known == null ? new Bounds(receivedAt, bound, bound) : known.with(bound, receivedAt);
        bounds.put(connection, next);
        var largest = next.largest();
        var last = saved.get(connection);
        if (last == null || largest.minus(last).abs().compareTo(NOTABLE) > 0) {
            changeSet.add(new Change.EventTimeSaved(connection, largest));
            saved.put(connection, largest);
        }
    }

    /// Must be called after a failed write, which may have lost what was added last. The next events save theirs
    /// again.
    void forgetSaved() {
        saved.clear();
    }
}

package dev.tidemark.listener;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Tracks the deadline of each connection. An idle timeout alone restarts with every byte, so a client that
/// trickles bytes would never time out. [CallbackTransaction] sets the deadlines, and [ConnectionSupervisor] closes
/// expired connections. Thread-safe.
final class ConnectionDeadlineTracker<K> {
    private static final long NONE = Long.MAX_VALUE;

    private final Map<K, AtomicLong> deadlines = new ConcurrentHashMap<>();
    private final Duration idleTimeout;
    private final LongSupplier nanoTime;

    /// Creates a tracker.
    ///
    /// @param idleTimeout deadline of a connection from its start and from the start and the end of each request
    /// @param nanoTime monotonic time from any start, never below zero
    ConnectionDeadlineTracker(Duration idleTimeout, LongSupplier nanoTime) {
        this.idleTimeout = idleTimeout;
        this.nanoTime = nanoTime;
    }

    void add(K connection) {
        deadlines.put(connection, new AtomicLong(nanoTime.getAsLong() + idleTimeout.toNanos()));
    }

    void remove(K connection) {
        deadlines.remove(connection);
    }

    /// Sets the deadline of an open connection to the idle timeout from now.
    void restart(K connection) {
        extend(connection, idleTimeout);
    }

    /// Sets the deadline of an open connection to `limit` from now.
    void extend(K connection, Duration limit) {
        set(connection, nanoTime.getAsLong() + limit.toNanos());
    }

    /// Suspends the deadline while the listener works on a request of the connection.
    void suspend(K connection) {
        set(connection, NONE);
    }

    private void set(K connection, long deadlineNanos) {
        var deadline = deadlines.get(connection);
        if (deadline != null) {
            deadline.set(deadlineNanos);
        }
    }

    /// Returns the connection that waits longest for its client; empty if the listener works for all of them.
    Optional<K> longestIdle(Collection<K> connections) {
        return connections.stream()
                .filter(connection -> deadlineOf(connection) != NONE)
                .min(Comparator.comparingLong(this::deadlineOf));
    }

    private long deadlineOf(K connection) {
        var deadline = deadlines.get(connection);
        return deadline == null ? NONE : deadline.get();
    }

    List<K> expired() {
        var now = nanoTime.getAsLong();
        return deadlines.entrySet().stream()
                .filter(entry -> entry.getValue().get() <= now)
                .map(Map.Entry::getKey)
                .toList();
    }
}

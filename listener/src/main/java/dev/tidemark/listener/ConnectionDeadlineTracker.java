package dev.tidemark.listener;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Until when each connection must have come on. An idle time-out alone starts anew with every byte, so that
/// a client that trickles would live for ever. Safe for use by many threads.
final class ConnectionDeadlineTracker<K> {
    private static final long NONE = Long.MAX_VALUE;

    private final Map<K, AtomicLong> deadlines = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    /// `nanoTime` counts from any start, but not below zero.
    ConnectionDeadlineTracker(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void add(K connection, Duration most) {
        deadlines.put(connection, new AtomicLong(nanoTime.getAsLong() + most.toNanos()));
    }

    void remove(K connection) {
        deadlines.remove(connection);
    }

    /// Gives a connection that is still open another `most` from now.
    void extend(K connection, Duration most) {
        set(connection, nanoTime.getAsLong() + most.toNanos());
    }

    /// It is our turn: the connection has all the time.
    void suspend(K connection) {
        set(connection, NONE);
    }

    private void set(K connection, long moment) {
        var end = deadlines.get(connection);
        if (end != null) {
            end.set(moment);
        }
    }

    List<K> expired() {
        var now = nanoTime.getAsLong();
        return deadlines.entrySet().stream()
                .filter(entry -> entry.getValue().get() <= now)
                .map(Map.Entry::getKey)
                .toList();
    }
}

package dev.tidemark.compensator;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Time of the last push recovery per connection. A recovery is a sign that push may work for other mailboxes,
/// too. Thread-safe.
final class PushRecoveryTracker {
    private final Map<String, Instant> byConnection = new ConcurrentHashMap<>();

    void record(String connection, Instant at) {
        byConnection.put(connection, at);
    }

    Optional<Instant> lastRecovery(String connection) {
        return Optional.ofNullable(byConnection.get(connection));
    }
}

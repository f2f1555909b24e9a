package dev.tidemark.compensator;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// When push last came back for a mailbox, by connection: a sign that it may have for others. Safe for use by
/// many threads.
final class PushRecoveryTracker {
    private final Map<String, Instant> byConnection = new ConcurrentHashMap<>();

    void record(String connection, Instant at) {
        byConnection.put(connection, at);
    }

    Optional<Instant> lastRecovery(String connection) {
        return Optional.ofNullable(byConnection.get(connection));
    }
}

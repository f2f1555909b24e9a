package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.subscriber.connection.ConnectionGate;
import dev.tidemark.subscriber.connection.SubscriberStats;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Gates of all connections, by name. A reload adds, changes and removes them; jobs look them up. Thread-safe.
final class ConnectionGates {
    private final SubscriberStats stats;
    private final ConnectionGate.Dependencies dependencies;
    private final Map<String, ConnectionGate> gates = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    ConnectionGates(SubscriberStats stats, ConnectionGate.Dependencies dependencies) {
        this.stats = stats;
        this.dependencies = dependencies;
    }

    Optional<ConnectionGate> find(String connection) {
        return Optional.ofNullable(gates.get(connection));
    }

    Map<String, ConnectionGate> byName() {
        return Map.copyOf(gates);
    }

    Collection<ConnectionGate> all() {
        return gates.values();
    }

    /// Uses `client` for the connection, which may be new.
    void put(String connection, EwsClient client, ConnectionLimits limits) {
        var known = gates.get(connection);
        if (known != null) {
            known.replaceClient(client);
            return;
        }
        var gate = new ConnectionGate(connection, client, limits, stats, dependencies);
        gates.put(connection, gate);
        if (stopped) {
            gate.stop();
        }
    }

    /// Ends the requests of connections that are no longer configured.
    void retain(Collection<String> connections) {
        gates.keySet().stream().filter(name -> !connections.contains(name)).forEach(name -> {
            var gate = gates.remove(name);
            if (gate != null) {
                gate.stop();
                gate.close();
            }
        });
    }

    /// Stops sending. Callers return after their current response.
    void stop() {
        stopped = true;
        gates.values().forEach(ConnectionGate::stop);
    }

    void close() {
        gates.values().forEach(ConnectionGate::close);
    }
}

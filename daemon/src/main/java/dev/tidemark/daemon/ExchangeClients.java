package dev.tidemark.daemon;

import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.ews.message.SkipReporter;
import dev.tidemark.store.WatermarkStore;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Opens the clients of connections. All clients of a connection share one estimate of Exchange's clock. Thread-safe.
final class ExchangeClients {
    private final WatermarkStore store;
    private final DaemonClocks clocks;
    private final SkipReporter skips;
    private final Map<String, ExchangeClock> exchangeClocks = new ConcurrentHashMap<>();

    /// @param skips receives the skipped parts of responses
    ExchangeClients(WatermarkStore store, DaemonClocks clocks, SkipReporter skips) {
        this.store = store;
        this.clocks = clocks;
        this.skips = skips;
    }

    /// Opens a client for each connection. If one cannot be opened, closes the others and throws.
    Map<String, EwsClient> openAll(ModuleConfigMapper mapper, Collection<String> connections) {
        var clients = new LinkedHashMap<String, EwsClient>();
        try {
            connections.forEach(name -> clients.put(name, mapper.client(name, store, clocks, skips, clock(name))));
            return clients;
        } catch (RuntimeException | Error failed) {
            clients.values().forEach(EwsClient::close);
            throw failed;
        }
    }

    private ExchangeClock clock(String connection) {
        // matches the timestamps in the store
        return exchangeClocks.computeIfAbsent(connection, name -> new ExchangeClock(clocks.own()));
    }
}

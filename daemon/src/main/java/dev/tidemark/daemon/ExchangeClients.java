package dev.tidemark.daemon;

import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.metrics.MonitoredModules.DaemonMeters;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.ExchangeClock;
import dev.tidemark.store.WatermarkStore;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Opens the clients of connections. All clients of a connection share one estimate of Exchange's clock. Thread-safe.
final class ExchangeClients {
    private final WatermarkStore store;
    private final DaemonClocks clocks;
    private final DaemonMeters meters;
    private final Map<String, ExchangeClock> exchangeClocks = new ConcurrentHashMap<>();
    private final ConnectionSidLists sids = new ConnectionSidLists();

    /// @param meters meters of skipped parts and of requests
    ExchangeClients(WatermarkStore store, DaemonClocks clocks, DaemonMeters meters) {
        this.store = store;
        this.clocks = clocks;
        this.meters = meters;
    }

    /// Uses the SIDs of the mailboxes in this configuration for the requests that follow.
    void useSids(TidemarkConfig config) {
        config.connections().forEach((name, connection) -> sids.use(name, connection.sids()));
    }

    /// Opens a client for each connection. If one cannot be opened, closes the others and throws.
    Map<String, EwsClient> openAll(ModuleConfigMapper mapper, Collection<String> connections) {
        var clients = new LinkedHashMap<String, EwsClient>();
        try {
            connections.forEach(
                    name -> clients.put(name, mapper.client(name, store, clocks, meters, clock(name), sids.of(name))));
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

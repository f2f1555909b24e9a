package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.BenchmarkCase;
import dev.tidemark.benchmarks.server.ComparedServer;
import dev.tidemark.benchmarks.server.ConnectionMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Settings of a comparison.
///
/// @param servers compared servers
/// @param connections numbers of connections; cases with one number use the first
/// @param mailboxes number of mailboxes that call back
/// @param variants true to add new connections, TLS and notifications with several events for Tidemark
/// @param populations other numbers of mailboxes, for Tidemark alone
/// @param round duration of a case's round
/// @param warmUp warm-up of each process
/// @param steady duration of the load at half of Tidemark's maximum; zero leaves it out
/// @param trickle duration of one event per second; zero leaves it out
record BenchmarkConfig(
        Set<ComparedServer> servers,
        List<Integer> connections,
        int mailboxes,
        boolean variants,
        List<Integer> populations,
        int rounds,
        Duration round,
        Duration warmUp,
        Duration steady,
        Duration trickle) {
    BenchmarkConfig {
        servers = Set.copyOf(servers);
        connections = List.copyOf(connections);
        populations = List.copyOf(populations);
    }

    List<BenchmarkCase> entries() {
        var entries = new ArrayList<BenchmarkCase>();
        for (var count : connections) {
            for (var server : ComparedServer.values()) {
                // more threads only slow Python down
                if (servers.contains(server)
                        && (server != ComparedServer.EXCHANGELIB || count.equals(connections.getFirst()))) {
                    entries.add(new BenchmarkCase(server, mailboxes, ConnectionMode.KEPT, 1, count));
                }
            }
        }
        if (servers.contains(ComparedServer.TIDEMARK)) {
            entries.addAll(variants ? ownVariants() : List.of());
            populations.forEach(size -> entries.add(
                    new BenchmarkCase(ComparedServer.TIDEMARK, size, ConnectionMode.KEPT, 1, connections.getFirst())));
        }
        return List.copyOf(entries);
    }

    private Collection<BenchmarkCase> ownVariants() {
        var count = connections.getFirst();
        return List.of(
                new BenchmarkCase(ComparedServer.TIDEMARK, mailboxes, ConnectionMode.NEW, 1, count),
                new BenchmarkCase(ComparedServer.TIDEMARK, mailboxes, ConnectionMode.NEW_TLS, 1, count),
                new BenchmarkCase(ComparedServer.TIDEMARK, mailboxes, ConnectionMode.KEPT, 3, count));
    }

    /// Returns the cases whose latency is compared at the same steady rate.
    List<BenchmarkCase> steadyEntries() {
        return entries().stream()
                .filter(entry -> entry.transport() == ConnectionMode.KEPT && entry.events() == 1)
                .filter(entry -> entry.connections() == connections.getFirst() && entry.mailboxes() == mailboxes)
                .filter(entry -> entry.server() != ComparedServer.EXCHANGELIB)
                .toList();
    }

    /// Returns the cases whose bytes on disk are compared with a separate force per event.
    List<BenchmarkCase> trickleEntries() {
        return trickle.isZero()
                ? List.of()
                : steadyEntries().stream()
                        .filter(entry -> entry.server() != ComparedServer.BARE && entry.server() != ComparedServer.CXF)
                        .toList();
    }
}

package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.load.ConnectionMode;
import dev.tidemark.benchmarks.server.BenchmarkCase;
import dev.tidemark.benchmarks.server.ComparedServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// What is to be measured, and for how long.
///
/// @param rivals that take part
/// @param connections for each of them; the first also for everything that is measured once
/// @param mailboxes that call back
/// @param variants whether Tidemark is also called otherwise than over kept connections with one event
/// @param populations of other sizes, for Tidemark alone
/// @param round how long an entry runs at a time
/// @param warmUp of each process
/// @param steady how long the load is held at half of what Tidemark can do; zero leaves it out
/// @param trickle how long one event comes per second; zero leaves it out
record BenchmarkConfig(
        Set<ComparedServer> rivals,
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
        rivals = Set.copyOf(rivals);
        connections = List.copyOf(connections);
        populations = List.copyOf(populations);
    }

    List<BenchmarkCase> entries() {
        var entries = new ArrayList<BenchmarkCase>();
        for (var count : connections) {
            for (var rival : ComparedServer.values()) {
                // threads of Python only get slower by being more
                if (rivals.contains(rival)
                        && (rival != ComparedServer.EXCHANGELIB || count.equals(connections.getFirst()))) {
                    entries.add(new BenchmarkCase(rival, mailboxes, ConnectionMode.KEPT, 1, count));
                }
            }
        }
        if (rivals.contains(ComparedServer.TIDEMARK)) {
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

    /// Those whose latency is compared at the same steady rate.
    List<BenchmarkCase> steadyEntries() {
        return entries().stream()
                .filter(entry -> entry.transport() == ConnectionMode.KEPT && entry.events() == 1)
                .filter(entry -> entry.connections() == connections.getFirst() && entry.mailboxes() == mailboxes)
                .filter(entry -> entry.rival() != ComparedServer.EXCHANGELIB)
                .toList();
    }

    /// Those of which the bytes on disk are compared where each event has a force of its own.
    List<BenchmarkCase> trickleEntries() {
        return trickle.isZero()
                ? List.of()
                : steadyEntries().stream()
                        .filter(entry -> entry.rival() != ComparedServer.BARE && entry.rival() != ComparedServer.CXF)
                        .toList();
    }
}

package dev.tidemark.benchmarks;

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
record Plan(
        Set<Rival> rivals,
        List<Integer> connections,
        int mailboxes,
        boolean variants,
        List<Integer> populations,
        int rounds,
        Duration round,
        Duration warmUp,
        Duration steady,
        Duration trickle) {
    Plan {
        rivals = Set.copyOf(rivals);
        connections = List.copyOf(connections);
        populations = List.copyOf(populations);
    }

    List<Entry> entries() {
        var entries = new ArrayList<Entry>();
        for (var count : connections) {
            for (var rival : Rival.values()) {
                // threads of Python only get slower by being more
                if (rivals.contains(rival) && (rival != Rival.EXCHANGELIB || count.equals(connections.getFirst()))) {
                    entries.add(new Entry(rival, mailboxes, Transport.KEPT, 1, count));
                }
            }
        }
        if (rivals.contains(Rival.TIDEMARK)) {
            entries.addAll(variants ? ownVariants() : List.of());
            populations.forEach(
                    size -> entries.add(new Entry(Rival.TIDEMARK, size, Transport.KEPT, 1, connections.getFirst())));
        }
        return List.copyOf(entries);
    }

    private Collection<Entry> ownVariants() {
        var count = connections.getFirst();
        return List.of(
                new Entry(Rival.TIDEMARK, mailboxes, Transport.NEW, 1, count),
                new Entry(Rival.TIDEMARK, mailboxes, Transport.NEW_TLS, 1, count),
                new Entry(Rival.TIDEMARK, mailboxes, Transport.KEPT, 3, count));
    }

    /// Those whose latency is compared at the same steady rate.
    List<Entry> steadyEntries() {
        return entries().stream()
                .filter(entry -> entry.transport() == Transport.KEPT && entry.events() == 1)
                .filter(entry -> entry.connections() == connections.getFirst() && entry.mailboxes() == mailboxes)
                .filter(entry -> entry.rival() != Rival.EXCHANGELIB)
                .toList();
    }

    /// Those of which the bytes on disk are compared where each event has a force of its own.
    List<Entry> trickleEntries() {
        return trickle.isZero()
                ? List.of()
                : steadyEntries().stream()
                        .filter(entry -> entry.rival() != Rival.BARE && entry.rival() != Rival.CXF)
                        .toList();
    }
}

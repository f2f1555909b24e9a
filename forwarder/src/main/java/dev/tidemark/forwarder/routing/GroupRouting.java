package dev.tidemark.forwarder.routing;

import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Sinks of each group, by position in the journal. An event keeps the routes that were valid when it was
/// journaled, so a sink that is behind loses nothing to a change of `forward-to` until the next restart. Routes are not
/// stored. Sinks read it on their threads; a reload replaces the routes. Thread-safe.
public final class GroupRouting {
    /// Routes of the events after a position.
    private record RoutingEra(JournalPosition after, Map<String, Set<SinkName>> routes) {}

    /// Eras by position, the newest first.
    private List<RoutingEra> eras;

    public GroupRouting(Map<String, Set<SinkName>> routes) {
        eras = List.of(new RoutingEra(JournalPosition.START, routes));
    }

    /// Returns the routes that were valid when `event` was journaled.
    public Map<String, Set<SinkName>> routesOf(JournalEvent event) {
        for (var era : eras()) {
            if (event.position().compareTo(era.after()) > 0) {
                return era.routes();
            }
        }
        return latest();
    }

    /// Returns the routes of new events.
    public Map<String, Set<SinkName>> latest() {
        return eras().getFirst().routes();
    }

    /// Adds routes for the groups of `next`, and keeps those of other groups until [#replace]. Meanwhile mailboxes
    /// move from one set of groups to the other.
    public void extend(Map<String, Set<SinkName>> next, Supplier<JournalPosition> end) {
        var both = new HashMap<>(latest());
        both.putAll(next);
        replace(both, end);
    }

    /// Uses `next` for events after the current end of the journal. Reads the end under the lock: an event that a
    /// sink received before has an older position.
    public synchronized void replace(Map<String, Set<SinkName>> next, Supplier<JournalPosition> end) {
        if (!next.equals(eras.getFirst().routes())) {
            var all = new ArrayList<RoutingEra>();
            all.add(new RoutingEra(end.get(), Map.copyOf(next)));
            all.addAll(eras);
            eras = List.copyOf(all);
        }
    }

    /// Removes the routes that no sink needs anymore.
    ///
    /// @param saved position up to which every sink has saved; a replaced sink reads the later events again
    public synchronized void prune(JournalPosition saved) {
        var used = new ArrayList<RoutingEra>();
        for (var era : eras) {
            used.add(era);
            if (era.after().compareTo(saved) <= 0) {
                break;
            }
        }
        eras = List.copyOf(used);
    }

    private synchronized List<RoutingEra> eras() {
        return eras;
    }
}

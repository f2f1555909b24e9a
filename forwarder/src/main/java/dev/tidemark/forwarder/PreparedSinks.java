package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.targets.SinkTarget;
import dev.tidemark.store.model.SinkName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// New settings of the forwarder with open targets, not yet in use. A reload calls [#apply], moves mailboxes between
/// groups, and calls [#complete]. Without [#apply], [#close] discards everything. Not thread-safe.
public final class PreparedSinks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PreparedSinks.class);

    private final EventForwarder forwarder;
    private final ForwarderConfig config;
    private final Map<SinkName, SinkTarget> targets;

    PreparedSinks(EventForwarder forwarder, ForwarderConfig config, Map<SinkName, SinkTarget> targets) {
        this.forwarder = forwarder;
        this.config = config;
        this.targets = new HashMap<>(targets);
    }

    /// Returns the sinks that [#apply] adds or replaces.
    public Set<SinkName> replaced() {
        return Set.copyOf(targets.keySet());
    }

    /// Replaces changed sinks, starts new ones and ends removed ones. Blocks until requests in flight to changed and
    /// removed sinks have ended. Groups of both settings are routed afterward.
    public void apply() {
        var lost = lostRoutes();
        var opened = Map.copyOf(targets);
        targets.clear();
        forwarder.apply(config, opened);
        lost.forEach((sink, groups) -> LOG.warn(
                "Sink {} is behind, and these groups no longer forward to it: {}; let it catch up before the next"
                        + " restart, which drops their waiting events",
                sink,
                String.join(", ", groups)));
    }

    /// Returns the groups that no longer forward to a sink that is behind. Routes are not stored, so a restart
    /// applies the new ones to the sink's waiting events.
    Map<SinkName, List<String>> lostRoutes() {
        var before = forwarder.routes();
        if (before.equals(config.routes())) {
            return Map.of();
        }
        var lost = new HashMap<SinkName, List<String>>();
        for (var sink : forwarder.behind()) {
            var groups = before.keySet().stream()
                    .filter(group -> forwards(before, group, sink) && !forwards(config.routes(), group, sink))
                    .sorted()
                    .toList();
            if (!groups.isEmpty() && isConfigured(sink)) {
                lost.put(sink, groups);
            }
        }
        return lost;
    }

    private static boolean forwards(Map<String, Set<SinkName>> routes, String group, SinkName sink) {
        return routes.getOrDefault(group, Set.of()).contains(sink);
    }

    private boolean isConfigured(SinkName sink) {
        return config.sinks().stream().anyMatch(each -> each.name().equals(sink));
    }

    /// Ends the routes of groups that are no longer configured, for events from now on.
    public void complete() {
        forwarder.complete(config);
    }

    @Override
    public void close() {
        targets.values().forEach(SinkTarget::close);
        targets.clear();
    }
}

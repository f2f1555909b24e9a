package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.targets.SinkTarget;
import dev.tidemark.store.model.SinkName;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// New settings of the forwarder with open targets, not yet in use. A reload calls [#apply], moves mailboxes between
/// groups, and calls [#complete]. Without [#apply], [#close] discards everything. Not thread-safe.
public final class PreparedSinks implements AutoCloseable {
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
        var opened = Map.copyOf(targets);
        targets.clear();
        forwarder.apply(config, opened);
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

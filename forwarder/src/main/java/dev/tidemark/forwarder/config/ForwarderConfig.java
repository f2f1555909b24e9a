package dev.tidemark.forwarder.config;

import dev.tidemark.forwarder.target.EgressConfig;
import dev.tidemark.forwarder.target.InvalidSettingException;
import dev.tidemark.store.model.SinkName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// All sinks, and which groups go to which.
///
/// @param routes from a group's name to its sinks (`forward-to`)
/// @param drain how long [dev.tidemark.forwarder.EventForwarder#close] waits for requests in flight
public record ForwarderConfig(
        List<SinkConfig> sinks, Map<String, Set<SinkName>> routes, EgressConfig egress, Duration drain) {
    /// @throws InvalidSettingException if two sinks share a name, or a route leads nowhere
    public ForwarderConfig {
        sinks = List.copyOf(sinks);
        routes = Map.copyOf(routes);
        var names = sinks.stream().map(SinkConfig::name).collect(Collectors.toSet());
        if (names.size() < sinks.size()) {
            throw new InvalidSettingException("Two sinks have the same name; rename one of them.");
        }
        routes.forEach((group, targets) -> requireKnown(group, targets, names));
    }

    private static void requireKnown(String group, Set<SinkName> targets, Set<SinkName> names) {
        for (var target : targets) {
            if (!names.contains(target)) {
                throw new InvalidSettingException("Group " + group + " forwards to sink " + target
                        + ", which is not configured; add it to sinks.");
            }
        }
    }
}

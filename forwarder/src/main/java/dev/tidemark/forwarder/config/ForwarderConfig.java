package dev.tidemark.forwarder.config;

import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.targets.InvalidSettingException;
import dev.tidemark.store.model.SinkName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Settings of all sinks and of the groups that forward to them.
///
/// @param routes sinks by name of the group (`forward-to`)
/// @param drain limit of the wait for requests in flight at the stop
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

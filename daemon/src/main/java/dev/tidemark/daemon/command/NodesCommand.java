package dev.tidemark.daemon.command;

import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tidemark nodes`.
@Command(
        name = "nodes",
        description = "Lists the nodes of the cluster with their leases.",
        mixinStandardHelpOptions = true)
final class NodesCommand extends AdminCommand implements Callable<Integer> {
    @Option(names = "--json", description = "One JSON object per line.")
    private boolean json;

    NodesCommand(CommandEnvironment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        return callDaemon(client -> {
            var nodes = items(client.get("/api/v1/nodes"));
            return json
                    ? nodes.stream().map(YamlJsonCodec::toJson).toList()
                    : table(
                            nodes.stream().map(NodesCommand::row).toList(),
                            "name",
                            "version",
                            "state",
                            "startedAt",
                            "lastSeenAt",
                            "clockOffsetMs",
                            "leases");
        });
    }

    /// Returns a node with its state as a word and its leases as a list of names.
    private static Map<String, Object> row(Map<String, Object> node) {
        var row = new LinkedHashMap<>(node);
        row.put("state", Boolean.TRUE.equals(node.get("alive")) ? "alive" : "gone");
        row.put("leases", names(node));
        return row;
    }

    private static String names(Map<String, Object> node) {
        var leases = node.get("leases") instanceof List<?> list ? list : List.of();
        return leases.isEmpty() ? "-" : leases.stream().map(String::valueOf).collect(Collectors.joining(" "));
    }

    /// Returns a line for the status of a cluster; empty for a daemon without other nodes.
    static List<String> summary(List<Map<String, Object>> nodes) {
        if (nodes.size() < 2) {
            return List.of();
        }
        return List.of("nodes: " + nodes.stream().map(NodesCommand::state).collect(Collectors.joining(", ")));
    }

    private static String state(Map<String, Object> node) {
        return Boolean.TRUE.equals(node.get("alive"))
                ? text(node, "name")
                : text(node, "name") + " (gone, last seen " + readable(node.get("lastSeenAt")) + ")";
    }
}

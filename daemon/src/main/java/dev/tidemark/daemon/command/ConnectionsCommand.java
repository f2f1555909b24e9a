package dev.tidemark.daemon.command;

import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidemark connections`.
@Command(name = "connections", description = "Shows the connections to Exchange.", mixinStandardHelpOptions = true)
final class ConnectionsCommand extends AdminCommand {
    ConnectionsCommand(CommandEnvironment environment) {
        super(environment);
    }

    @Command(
            name = "pause",
            description = "Sends nothing to an Exchange organization for a while.",
            mixinStandardHelpOptions = true)
    int pause(
            @Parameters(paramLabel = "CONNECTION", description = "Name of the connection.") String connection,
            @Option(
                            names = "--for",
                            paramLabel = "DURATION",
                            defaultValue = "1h",
                            description = "Length of the pause (default: ${DEFAULT-VALUE}).")
                    String length) {
        return callDaemon(client -> List.of(
                sentence(client.post("/api/v1/connections/" + encoded(connection) + "/pause?for=" + encoded(length)))));
    }

    @Command(name = "resume", description = "Ends the pause of a connection.", mixinStandardHelpOptions = true)
    int resume(@Parameters(paramLabel = "CONNECTION", description = "Name of the connection.") String connection) {
        return callDaemon(
                client -> List.of(sentence(client.post("/api/v1/connections/" + encoded(connection) + "/resume"))));
    }

    private static String sentence(Map<String, Object> connection) {
        var until = connection.get("backoffUntil");
        return text(connection, "name") + ": " + text(connection, "state")
                + (until == null ? "" : " until " + readable(until));
    }

    @Command(name = "list", description = "Lists connections.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--json", description = "One JSON object per line.") boolean json) {
        return callDaemon(client -> {
            var connections = items(client.get("/api/v1/connections"));
            return json
                    ? connections.stream().map(YamlJsonCodec::toJson).toList()
                    : table(
                            connections,
                            "name",
                            "state",
                            "since",
                            "backoffUntil",
                            "requestsWaiting",
                            "concurrencyLimit",
                            "reason",
                            "remedy");
        });
    }
}

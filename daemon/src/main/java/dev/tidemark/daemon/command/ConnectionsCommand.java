package dev.tidemark.daemon.command;

import dev.tidemark.daemon.config.YamlJsonCodec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tidemark connections`.
@Command(name = "connections", description = "Shows the connections to Exchange.", mixinStandardHelpOptions = true)
final class ConnectionsCommand extends AdminCommand {
    ConnectionsCommand(CommandEnvironment environment) {
        super(environment);
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

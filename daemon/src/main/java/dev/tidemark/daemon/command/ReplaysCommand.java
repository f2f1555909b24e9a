package dev.tidemark.daemon.command;

import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidemark replays`.
@Command(name = "replays", description = "Shows running replays, and cancels one.", mixinStandardHelpOptions = true)
final class ReplaysCommand extends AdminCommand {
    private static final String PATH = "/api/v1/replays";

    ReplaysCommand(CommandEnvironment environment) {
        super(environment);
    }

    @Command(name = "list", description = "Lists running replays.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--json", description = "One JSON object per line.") boolean json) {
        return callDaemon(client -> {
            var replays = items(client.get(PATH));
            return json
                    ? replays.stream().map(YamlJsonCodec::toJson).toList()
                    : table(replays, "id", "sink", "done", "total", "startedAt", "mailbox", "type", "rate");
        });
    }

    @Command(name = "cancel", description = "Cancels a replay; sent events stay sent.", mixinStandardHelpOptions = true)
    int cancel(@Parameters(paramLabel = "ID") String id) {
        return callDaemon(client -> {
            client.delete(PATH + "/" + encoded(id));
            return List.of(id + ": cancelled");
        });
    }
}

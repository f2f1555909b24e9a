package dev.tidemark.daemon;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidemark dead-letters`.
@Command(
        name = "dead-letters",
        description = "Shows events that a sink would not take.",
        mixinStandardHelpOptions = true)
final class DeadLettersCommand extends AdminCommand {
    DeadLettersCommand(Environment environment) {
        super(environment);
    }

    @Command(name = "list", description = "Lists dead letters, newest first.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--json", description = "One JSON object a line.") boolean json) {
        return ask(client -> {
            var letters = items(client.get("/api/v1/dead-letters?limit=1000"));
            return json
                    ? letters.stream().map(Documents::toJson).toList()
                    : table(letters, "id", "sink", "eventId", "type", "attempts", "diedAt", "reason");
        });
    }

    @Command(
            name = "replay",
            description = "Sends one once more, or with --all every one of them.",
            mixinStandardHelpOptions = true)
    int replay(
            @Parameters(paramLabel = "ID", arity = "0..1", defaultValue = "") String id,
            @Option(names = "--all", description = "All there are.") boolean all,
            @Option(names = "--sink", description = "With --all: only those of this sink.", defaultValue = "")
                    String sink) {
        if (all != id.isEmpty()) {
            throw new CommandException(ExitCodes.USAGE, "Name one dead letter, or say --all.");
        }
        var path = all ? "/replay" + (sink.isEmpty() ? "" : "?sink=" + encoded(sink)) : "/" + encoded(id) + "/replay";
        return ask(client -> {
            var result = client.post("/api/v1/dead-letters" + path);
            return List.of(text(result, "count") + " sent again");
        });
    }

    @Command(name = "drop", description = "Forgets one.", mixinStandardHelpOptions = true)
    int drop(@Parameters(paramLabel = "ID") String id) {
        return ask(client -> {
            client.delete("/api/v1/dead-letters/" + encoded(id));
            return List.of(id + ": dropped");
        });
    }
}

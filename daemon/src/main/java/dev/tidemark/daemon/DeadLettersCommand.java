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
            description = "Sends one again (not available in this version).",
            mixinStandardHelpOptions = true)
    @SuppressWarnings("DoNotCallSuggester") // picocli calls it
    int replay(@Parameters(paramLabel = "ID", arity = "0..1", defaultValue = "") String id) {
        throw CommandException.notAvailable("dead-letters replay");
    }

    @Command(name = "drop", description = "Forgets one.", mixinStandardHelpOptions = true)
    int drop(@Parameters(paramLabel = "ID") String id) {
        return ask(client -> {
            client.delete("/api/v1/dead-letters/" + encoded(id));
            return List.of(id + ": dropped");
        });
    }
}

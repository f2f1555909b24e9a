package dev.tidemark.daemon;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidemark sinks`.
@Command(name = "sinks", description = "Shows sinks, and acts on one.", mixinStandardHelpOptions = true)
final class SinksCommand extends AdminCommand {
    private static final String PATH = "/api/v1/sinks";

    SinksCommand(Environment environment) {
        super(environment);
    }

    @Command(name = "list", description = "Lists sinks.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--json", description = "One JSON object a line.") boolean json) {
        return ask(client -> {
            var sinks = items(client.get(PATH));
            return json
                    ? sinks.stream().map(Documents::toJson).toList()
                    : table(sinks, "name", "type", "state", "backlog", "oldestUndeliveredAt", "lastError");
        });
    }

    @Command(name = "test", description = "Sends a signed trial event.", mixinStandardHelpOptions = true)
    int test(@Parameters(paramLabel = "SINK") String sink) {
        return ask(client -> {
            var result = client.post(PATH + "/" + encoded(sink) + "/test");
            if (!Boolean.TRUE.equals(result.get("delivered"))) {
                throw new CommandException(
                        ExitCodes.UNREACHABLE, "Sink " + sink + " did not take it: " + text(result, "text"));
            }
            return List.of(sink + ": " + text(result, "text"));
        });
    }

    @Command(name = "enable", description = "Sends to a disabled sink again.", mixinStandardHelpOptions = true)
    int enable(@Parameters(paramLabel = "SINK") String sink) {
        return act(sink, "enable");
    }

    @Command(name = "disable", description = "Sends nothing until it is enabled.", mixinStandardHelpOptions = true)
    int disable(@Parameters(paramLabel = "SINK") String sink) {
        return act(sink, "disable");
    }

    @Command(
            name = "replay",
            description = "Sends events again (not available in this version).",
            mixinStandardHelpOptions = true)
    @SuppressWarnings("DoNotCallSuggester") // picocli calls it
    int replay(@Parameters(paramLabel = "SINK", arity = "0..1", defaultValue = "") String sink) {
        throw CommandException.notAvailable("sinks replay");
    }

    private int act(String sink, String action) {
        return ask(client ->
                List.of(sink + ": " + text(client.post(PATH + "/" + encoded(sink) + "/" + action), "state")));
    }
}

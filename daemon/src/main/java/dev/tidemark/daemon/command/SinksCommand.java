package dev.tidemark.daemon.command;

import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidemark sinks`.
@Command(name = "sinks", description = "Shows sinks and changes one.", mixinStandardHelpOptions = true)
final class SinksCommand extends AdminCommand {
    private static final String PATH = "/api/v1/sinks";

    SinksCommand(CommandEnvironment environment) {
        super(environment);
    }

    @Command(name = "list", description = "Lists sinks.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--json", description = "One JSON object per line.") boolean json) {
        return callDaemon(client -> {
            var sinks = items(client.get(PATH));
            return json
                    ? sinks.stream().map(YamlJsonCodec::toJson).toList()
                    : Stream.concat(
                                    table(sinks, "name", "type", "state", "backlog", "oldestUndeliveredAt", "lastError")
                                            .stream(),
                                    sinks.stream().flatMap(sink -> remedy(sink).stream()))
                            .toList();
        });
    }

    /// Returns a line about a sink that is not active.
    static Optional<String> remedy(Map<String, Object> sink) {
        return Optional.ofNullable(sink.get("remedy")).map(remedy -> text(sink, "name") + ": " + readable(remedy));
    }

    @Command(name = "test", description = "Sends a signed trial event.", mixinStandardHelpOptions = true)
    int test(@Parameters(paramLabel = "SINK") String sink) {
        return callDaemon(client -> {
            var result = client.post(PATH + "/" + encoded(sink) + "/test");
            if (!Boolean.TRUE.equals(result.get("delivered"))) {
                throw new CommandException(
                        ExitCodes.UNREACHABLE,
                        "Sink " + sink + " did not accept the trial event: " + text(result, "text") + ". "
                                + text(result, "remedy"));
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
            description = "Sends events again, in parallel with new ones and marked tidemark-replay.",
            mixinStandardHelpOptions = true)
    int replay(
            @Parameters(paramLabel = "SINK") String sink,
            @Option(
                            names = "--from",
                            paramLabel = "WHEN",
                            description = "A time, an age like 2h, or a position (default: the oldest).")
                    @Nullable
                    String from,
            @Option(
                            names = "--to",
                            paramLabel = "WHEN",
                            description = "As --from; includes an event at a position (default: the newest).")
                    @Nullable
                    String to,
            @Option(names = "--mailbox", description = "Only of this mailbox: id or address.") @Nullable String mailbox,
            @Option(names = "--type", description = "Only types that match, * for anything.") @Nullable String type,
            @Option(names = "--rate", paramLabel = "N", description = "Events per second (default: 100).") @Nullable
                    Integer rate,
            @Option(names = "--dry-run", description = "Counts the events without sending them.") boolean dryRun) {
        var order = new LinkedHashMap<String, Object>();
        put(order, "from", from);
        put(order, "to", to);
        put(order, "mailbox", mailbox);
        put(order, "type", type);
        put(order, "rate", rate);
        order.put("dryRun", dryRun);
        return callDaemon(client -> {
            var result = client.post(PATH + "/" + encoded(sink) + "/replay", order);
            return List.of(sink + ": " + text(result, "count") + (dryRun ? " events match" : sent(result)));
        });
    }

    private static String sent(Map<String, Object> result) {
        return " events are sent again"
                + (result.get("replay") instanceof String id
                        ? " as " + id + "; 'tidemark replays list' shows the progress"
                        : "");
    }

    private static void put(Map<String, Object> order, String key, @Nullable Object value) {
        if (value != null) {
            order.put(key, value);
        }
    }

    private int act(String sink, String action) {
        return callDaemon(client ->
                List.of(sink + ": " + text(client.post(PATH + "/" + encoded(sink) + "/" + action), "state")));
    }
}

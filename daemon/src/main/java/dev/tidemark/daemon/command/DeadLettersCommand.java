package dev.tidemark.daemon.command;

import dev.tidemark.daemon.admin.QueryParameterParser;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidemark dead-letters`.
@Command(name = "dead-letters", description = "Shows events that a sink rejected.", mixinStandardHelpOptions = true)
final class DeadLettersCommand extends AdminCommand {
    DeadLettersCommand(CommandEnvironment environment) {
        super(environment);
    }

    @Command(name = "list", description = "Lists dead letters, newest first.", mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--sink", description = "Only those of this sink.") @Nullable String sink,
            @Option(names = "--mailbox", description = "Only of this mailbox: id or address.") @Nullable String mailbox,
            @Option(names = "--type", description = "Only types that match, * for anything.") @Nullable String type,
            @Option(
                            names = "--since",
                            paramLabel = "WHEN",
                            description = "Only those that failed since a time, or since an age like 2h.")
                    @Nullable
                    String since,
            @Option(
                            names = "--limit",
                            paramLabel = "N",
                            description = "At most N (default: ${DEFAULT-VALUE}).",
                            defaultValue = "1000")
                    int limit,
            @Option(names = "--json", description = "One JSON object per line.") boolean json) {
        if (limit < 1) {
            throw new CommandException(ExitCodes.USAGE, "--limit is below 1; set it to 1 or more.");
        }
        var filter = parameter("sink", sink)
                + parameter("mailbox", mailbox)
                + parameter("type", type)
                + parameter("since", since);
        return callDaemon(client -> {
            var letters = new ArrayList<Map<String, Object>>();
            var more = read(client, filter, limit, letters);
            var lines = new ArrayList<>(
                    json
                            ? letters.stream().map(YamlJsonCodec::toJson).toList()
                            : table(
                                    letters,
                                    "id",
                                    "sink",
                                    "eventId",
                                    "type",
                                    "attempts",
                                    "deadLetteredAt",
                                    "status",
                                    "reason"));
            if (more && !json) {
                lines.add("There are more; raise --limit to list them.");
            }
            return lines;
        });
    }

    /// Reads page by page. Returns whether the server may have more than `limit` dead letters.
    private static boolean read(AdminClient client, String filter, int limit, List<Map<String, Object>> letters) {
        var after = "";
        do {
            var pageSize = Math.min(QueryParameterParser.MAX_PAGE_SIZE, limit - letters.size());
            var page = client.get("/api/v1/dead-letters?limit=" + pageSize + filter + after);
            letters.addAll(items(page));
            after = page.get("next") instanceof String next ? parameter("after", next) : "";
        } while (!after.isEmpty() && letters.size() < limit);
        return !after.isEmpty();
    }

    private static String parameter(String name, @Nullable String value) {
        return value == null ? "" : "&" + name + "=" + encoded(value);
    }

    @Command(
            name = "replay",
            description = "Sends one dead letter again, or with --all every one.",
            mixinStandardHelpOptions = true)
    int replay(
            @Parameters(paramLabel = "ID", arity = "0..1", defaultValue = "") String id,
            @Option(names = "--all", description = "All dead letters.") boolean all,
            @Option(names = "--sink", description = "With --all: only those of this sink.", defaultValue = "")
                    String sink) {
        if (all != id.isEmpty()) {
            throw new CommandException(ExitCodes.USAGE, "Name one dead letter, or use --all.");
        }
        var path = all ? "/replay" + (sink.isEmpty() ? "" : "?sink=" + encoded(sink)) : "/" + encoded(id) + "/replay";
        return callDaemon(client -> {
            var result = client.post("/api/v1/dead-letters" + path);
            return List.of(text(result, "count") + " sent again");
        });
    }

    @Command(name = "drop", description = "Deletes a dead letter.", mixinStandardHelpOptions = true)
    int drop(@Parameters(paramLabel = "ID") String id) {
        return callDaemon(client -> {
            client.delete("/api/v1/dead-letters/" + encoded(id));
            return List.of(id + ": dropped");
        });
    }
}

package dev.tidemark.daemon.command;

import dev.tidemark.daemon.admin.QueryParameterParser;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidemark events`.
@Command(name = "events", description = "Reads the journal.", mixinStandardHelpOptions = true)
final class EventsCommand extends AdminCommand {
    private static final int WAIT_SECONDS = 60;

    EventsCommand(CommandEnvironment environment) {
        super(environment);
    }

    @Command(
            name = "tail",
            description = "Prints events as they are stored, one per line.",
            mixinStandardHelpOptions = true)
    int tail(
            @Option(
                            names = "--after",
                            description = "A position, 'recent' or 'now' (default: ${DEFAULT-VALUE}).",
                            defaultValue = "now")
                    String after,
            @Option(names = "--mailbox", description = "Only of this mailbox: id or address.") @Nullable String mailbox,
            @Option(names = "--type", description = "Only of these types, e.g. dev.tidemark.mailbox.*") @Nullable
                    String type,
            @Option(names = "--positions", description = "Prints each event with its position.") boolean positions,
            @Option(names = "--count", description = "Ends after this number of events.", defaultValue = "0")
                    int count) {
        var filter = (mailbox == null ? "" : "&mailbox=" + encoded(mailbox))
                + (type == null ? "" : "&type=" + encoded(type));
        return callDaemon(client -> {
            var position = after;
            var left = count;
            do {
                var limit = count == 0
                        ? QueryParameterParser.MAX_PAGE_SIZE
                        : Math.min(left, QueryParameterParser.MAX_PAGE_SIZE);
                var page = client.get("/api/v1/events?after=" + encoded(position) + "&limit=" + limit + "&wait="
                        + WAIT_SECONDS + filter);
                items(page)
                        .forEach(
                                item -> print(YamlJsonCodec.toJson(positions ? item : item.getOrDefault("event", ""))));
                left -= items(page).size();
                position = text(page, "next");
            } while (count == 0 || left > 0);
            return List.of();
        });
    }

    @Command(name = "show", description = "Shows an event by its id or position.", mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "ID", description = "For example evt_… or j1-….") String id) {
        return callDaemon(client -> List.of(YamlJsonCodec.toJson(client.get("/api/v1/events/" + encoded(id)))));
    }
}

package dev.tidemark.daemon.command;

import dev.tidemark.daemon.admin.QueryParameterParser;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidemark events`.
@Command(name = "events", description = "Reads the journal.", mixinStandardHelpOptions = true)
final class EventsCommand extends AdminCommand {
    private static final int WAIT_SECONDS = 60;

    /// Fields of the data that a readable line leaves out, because its type and mailbox name them.
    private static final Set<String> IN_HEAD = Set.of("mailbox", "change");

    /// Characters with which the sender of a mail could begin a line or control the terminal.
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]");

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
            @Option(names = "--text", description = "Prints a readable line instead of JSON.") boolean text,
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
                items(page).forEach(item -> print(text ? textLine(item, positions) : jsonLine(item, positions)));
                left -= items(page).size();
                position = text(page, "next");
            } while (count == 0 || left > 0);
            return List.of();
        });
    }

    private static String jsonLine(Map<String, Object> item, boolean withPosition) {
        return YamlJsonCodec.toJson(withPosition ? item : item.getOrDefault("event", ""));
    }

    /// Returns the time, type and mailbox of an event, and the fields of its data.
    private static String textLine(Map<String, Object> item, boolean withPosition) {
        var event = item.get("event") instanceof Map<?, ?> fields ? fields : Map.of();
        var head = Stream.of(event.get("time"), event.get("type"), event.get("subject"))
                .map(value -> readable(value).replaceFirst("^dev[.]tidemark[.]", ""));
        var data = event.get("data") instanceof Map<?, ?> fields ? fields : Map.of();
        var details = data.entrySet().stream()
                .filter(field -> !IN_HEAD.contains(String.valueOf(field.getKey())))
                .map(field -> field.getKey() + " " + brief(field.getValue()));
        var position = withPosition ? Stream.of(text(item, "position")) : Stream.<String>empty();
        var line = Stream.of(position, head, details).flatMap(parts -> parts).collect(Collectors.joining("  "));
        return CONTROLS.matcher(line).replaceAll(" ");
    }

    /// Returns the most readable value of an object, such as its subject or name; if it has none, all values.
    private static String brief(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> object)) {
            return readable(value);
        }
        return Stream.of("subject", "name", "wellKnown", "id")
                .filter(object::containsKey)
                .findFirst()
                .map(key -> readable(object.get(key)))
                .orElseGet(() ->
                        object.values().stream().map(AdminCommand::readable).collect(Collectors.joining(": ")));
    }

    @Command(name = "show", description = "Shows an event by its id or position.", mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "ID", description = "For example evt_… or j1-….") String id) {
        return callDaemon(client -> List.of(YamlJsonCodec.toJson(client.get("/api/v1/events/" + encoded(id)))));
    }
}

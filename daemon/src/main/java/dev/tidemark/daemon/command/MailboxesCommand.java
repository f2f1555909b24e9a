package dev.tidemark.daemon.command;

import dev.tidemark.daemon.config.YamlJsonCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidemark mailboxes`.
@Command(name = "mailboxes", description = "Shows mailboxes and changes one.", mixinStandardHelpOptions = true)
final class MailboxesCommand extends AdminCommand {
    private static final String PATH = "/api/v1/mailboxes";
    private static final String REASON_HELP = "Reason, for readers of the mailbox's events.";

    MailboxesCommand(CommandEnvironment environment) {
        super(environment);
    }

    @Command(name = "list", description = "Lists mailboxes.", mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--state", description = "Only those in this state.") @Nullable String state,
            @Option(names = "--group", description = "Only those of this group.") @Nullable String group,
            @Option(
                            names = "--find",
                            paramLabel = "TEXT",
                            description = "Only those whose address or id contains TEXT.")
                    @Nullable
                    String text,
            @Option(names = "--json", description = "One JSON object per line.") boolean json) {
        var query = "limit=1000" + parameter("state", state) + parameter("group", group) + parameter("q", text);
        return callDaemon(client -> {
            var all = all(client, query);
            return json
                    ? all.stream().map(YamlJsonCodec::toJson).toList()
                    : table(all, "address", "id", "group", "state", "lastHeardAt", "lastError");
        });
    }

    private static List<Map<String, Object>> all(AdminClient client, String query) {
        var result = new ArrayList<Map<String, Object>>();
        var next = Optional.of("");
        while (next.isPresent()) {
            var page = client.get(PATH + "?" + query + "&after=" + encoded(next.get()));
            result.addAll(items(page));
            next = Optional.ofNullable(page.get("next")).map(String::valueOf);
        }
        return result;
    }

    private static String parameter(String name, @Nullable String value) {
        return value == null ? "" : "&" + name + "=" + encoded(value);
    }

    @Command(name = "show", description = "Shows a mailbox.", mixinStandardHelpOptions = true)
    int show(@Parameters(paramLabel = "MAILBOX", description = "Id or address.") String mailbox) {
        return callDaemon(client -> detailLines(client.get(PATH + "/" + encoded(mailbox))));
    }

    private static List<String> detailLines(Map<String, Object> mailbox) {
        var plain = new LinkedHashMap<>(mailbox);
        var history = plain.remove("history");
        var next = plain.remove("next");
        var request = plain.remove("request");
        var result = new ArrayList<>(lines(plain));
        if (request instanceof Map<?, ?> map) {
            result.add("request: " + sentence(map, "action", "at", "outcome"));
        }
        if (next instanceof Map<?, ?> map) {
            result.add("next: " + sentence(map, "what", "at", "why"));
        }
        if (history instanceof List<?> list) {
            result.add(list.isEmpty() ? "history: none" : "history:");
            list.forEach(each -> {
                if (each instanceof Map<?, ?> map) {
                    result.add("  " + readable(map.get("at")) + "  " + map.get("type") + details(map));
                }
            });
        }
        return result;
    }

    private static String details(Map<?, ?> line) {
        return line.entrySet().stream()
                .filter(entry -> !entry.getKey().equals("at") && !entry.getKey().equals("type"))
                .map(entry -> entry.getKey() + " " + plain(entry.getValue()))
                .collect(Collectors.joining(", ", "  ", ""))
                .stripTrailing();
    }

    private static String sentence(Map<?, ?> map, String... keys) {
        return Arrays.stream(keys)
                .map(map::get)
                .filter(Objects::nonNull)
                .map(AdminCommand::readable)
                .collect(Collectors.joining(", "));
    }

    /// Formats a value. Formats an object, such as an error, by its values.
    private static String plain(@Nullable Object value) {
        return value instanceof Map<?, ?> object
                ? object.values().stream().map(AdminCommand::readable).collect(Collectors.joining(": "))
                : readable(value);
    }

    @Command(name = "resubscribe", description = "Replaces a mailbox's subscription.", mixinStandardHelpOptions = true)
    int resubscribe(
            @Parameters(paramLabel = "MAILBOX", description = "Id or address.") String mailbox,
            @Option(names = "--reason", paramLabel = "TEXT", description = REASON_HELP) @Nullable String reason) {
        return act(mailbox, "resubscribe", reason);
    }

    @Command(
            name = "resync",
            description = "Replaces the subscription and fetches missed changes.",
            mixinStandardHelpOptions = true)
    int resync(
            @Parameters(paramLabel = "MAILBOX", description = "Id or address.") String mailbox,
            @Option(names = "--reason", paramLabel = "TEXT", description = REASON_HELP) @Nullable String reason) {
        return act(mailbox, "resync", reason);
    }

    @Command(name = "pause", description = "Stops processing a mailbox's callbacks.", mixinStandardHelpOptions = true)
    int pause(
            @Parameters(paramLabel = "MAILBOX", description = "Id or address.") String mailbox,
            @Option(names = "--reason", paramLabel = "TEXT", description = REASON_HELP) @Nullable String reason) {
        return act(mailbox, "pause", reason);
    }

    @Command(name = "resume", description = "Resumes a paused mailbox.", mixinStandardHelpOptions = true)
    int resume(
            @Parameters(paramLabel = "MAILBOX", description = "Id or address.") String mailbox,
            @Option(names = "--reason", paramLabel = "TEXT", description = REASON_HELP) @Nullable String reason) {
        return act(mailbox, "resume", reason);
    }

    @Command(
            name = "forget",
            description =
                    "Removes everything that is stored of a removed or paused mailbox, and its events. Added again,"
                            + " it is a new mailbox.",
            mixinStandardHelpOptions = true)
    int forget(@Parameters(paramLabel = "MAILBOX", description = "Id or address.") String mailbox) {
        return callDaemon(client -> {
            var gone = client.delete(PATH + "/" + encoded(mailbox) + "?forget=true");
            return List.of(mailbox + " (" + text(gone, "id") + ") is forgotten; removed with it: "
                    + text(gone, "deadLetters") + " dead letters, " + text(gone, "deferredDeliveries")
                    + " deferred deliveries");
        });
    }

    private int act(String mailbox, String action, @Nullable String reason) {
        return callDaemon(client -> {
            var query = reason == null ? "" : "?reason=" + encoded(reason);
            var after = client.post(PATH + "/" + encoded(mailbox) + "/" + action + query);
            var address = text(after, "address");
            return action.equals("pause")
                    ? List.of(address + ": " + text(after, "state"))
                    : List.of(
                            address + ": " + action + " requested, state " + text(after, "state")
                                    + "; Tidemark starts it at once",
                            "see the outcome with: tidemark mailboxes show " + address);
        });
    }
}

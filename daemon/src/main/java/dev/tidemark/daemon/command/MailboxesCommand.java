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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidemark mailboxes`.
@Command(name = "mailboxes", description = "Shows mailboxes and changes them.", mixinStandardHelpOptions = true)
final class MailboxesCommand extends AdminCommand {
    private static final String PATH = "/api/v1/mailboxes";

    /// Stands for all mailboxes in the path of a bulk action, so it must not be accepted as the name of one.
    private static final String ALL_IN_PATH = "-";

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

    /// Mailboxes of an action: one, or all that match every option.
    static final class MailboxSelection {
        @Parameters(arity = "0..1", paramLabel = "MAILBOX", description = "Id or address of one mailbox.")
        private @Nullable String mailbox;

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                description = "With MAILBOX: reason, for readers of its events.")
        private @Nullable String reason;

        @Option(names = "--group", description = "Instead of MAILBOX: all of this group.")
        private @Nullable String group;

        @Option(names = "--connection", description = "Instead of MAILBOX: all of this connection.")
        private @Nullable String connection;

        @Option(names = "--state", description = "Instead of MAILBOX: all in this state.")
        private @Nullable String state;

        @Option(names = "--all", description = "Instead of MAILBOX: all mailboxes.")
        private boolean all;

        /// Returns the named mailbox; empty if the options select mailboxes.
        ///
        /// @throws CommandException if the command line selects in no way or in two ways; a bulk request
        ///     without a selection would change all mailboxes
        Optional<String> one() {
            var ways = Stream.of(mailbox != null, !fields().isEmpty(), all)
                    .filter(isUsed -> isUsed)
                    .count();
            if (ways != 1 || "".equals(mailbox) || ALL_IN_PATH.equals(mailbox)) {
                throw new CommandException(
                        ExitCodes.USAGE,
                        "Name one mailbox, or select with --group, --connection and --state, or use --all.");
            }
            if (mailbox == null && reason != null) {
                throw new CommandException(ExitCodes.USAGE, "--reason needs one mailbox; leave it out.");
            }
            return Optional.ofNullable(mailbox);
        }

        /// Returns the fields of a bulk request.
        Map<String, Object> fields() {
            var fields = new LinkedHashMap<String, Object>();
            Optional.ofNullable(group).ifPresent(name -> fields.put("group", name));
            Optional.ofNullable(connection).ifPresent(name -> fields.put("connection", name));
            Optional.ofNullable(state).ifPresent(name -> fields.put("state", name));
            return fields;
        }
    }

    @Command(
            name = "resubscribe",
            description = "Replaces the subscriptions of mailboxes.",
            mixinStandardHelpOptions = true)
    int resubscribe(@Mixin MailboxSelection selection) {
        return act(selection, "resubscribe");
    }

    @Command(
            name = "resync",
            description = "Replaces the subscriptions and fetches missed changes.",
            mixinStandardHelpOptions = true)
    int resync(@Mixin MailboxSelection selection) {
        return act(selection, "resync");
    }

    @Command(
            name = "pause",
            description = "Stops processing the callbacks of mailboxes.",
            mixinStandardHelpOptions = true)
    int pause(@Mixin MailboxSelection selection) {
        return act(selection, "pause");
    }

    @Command(name = "resume", description = "Resumes paused mailboxes.", mixinStandardHelpOptions = true)
    int resume(@Mixin MailboxSelection selection) {
        return act(selection, "resume");
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

    private int act(MailboxSelection selection, String action) {
        var one = selection.one();
        return one.isPresent()
                ? callDaemon(client -> act(client, one.get(), action, selection.reason))
                : actOnAll(selection.fields(), action);
    }

    private static List<String> act(AdminClient client, String mailbox, String action, @Nullable String reason) {
        var query = reason == null ? "" : "?reason=" + encoded(reason);
        var after = client.post(PATH + "/" + encoded(mailbox) + "/" + action + query);
        var address = text(after, "address");
        return action.equals("pause")
                ? List.of(address + ": " + text(after, "state"))
                : List.of(
                        address + ": " + action + " requested, state " + text(after, "state")
                                + "; Tidemark starts it at once",
                        "see the outcome with: tidemark mailboxes show " + address);
    }

    /// Waits until the action is stored for each mailbox.
    private int actOnAll(Map<String, Object> fields, String action) {
        return useDaemon(client -> {
            var operation = awaitOperation(client, client.post(PATH + "/" + ALL_IN_PATH + "/" + action, fields));
            var total = number(operation, "total");
            var failed = number(operation, "failed");
            print(action + ": " + (total - failed) + " of " + total + " selected mailboxes" + failures(failed));
            if (!action.equals("pause") && failed < total) {
                print("see how many still wait with: tidemark status");
            }
            return exitCode(total, failed);
        });
    }

    private static long number(Map<String, Object> operation, String field) {
        return operation.get(field) instanceof Number number ? number.longValue() : 0;
    }

    private static String failures(long failed) {
        return failed == 0 ? "" : "; the state of " + failed + " does not allow it, or the store did not accept it";
    }

    private static int exitCode(long total, long failed) {
        if (failed == 0) {
            return ExitCodes.DONE;
        }
        return failed < total ? ExitCodes.PARTIAL : ExitCodes.FAILED;
    }
}

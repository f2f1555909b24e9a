package dev.tidemark.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tidemark mailboxes`.
@Command(name = "mailboxes", description = "Shows mailboxes, and acts on one.", mixinStandardHelpOptions = true)
final class MailboxesCommand extends AdminCommand {
    private static final String PATH = "/api/v1/mailboxes";

    MailboxesCommand(Environment environment) {
        super(environment);
    }

    @Command(name = "list", description = "Lists mailboxes.", mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--state", description = "Only those in this state.") @Nullable String state,
            @Option(names = "--group", description = "Only those of this group.") @Nullable String group,
            @Option(names = "--find", paramLabel = "TEXT", description = "Only those whose address or id holds this.")
                    @Nullable
                    String text,
            @Option(names = "--json", description = "One JSON object a line.") boolean json) {
        var query = "limit=1000" + parameter("state", state) + parameter("group", group) + parameter("q", text);
        return ask(client -> {
            var all = all(client, query);
            return json
                    ? all.stream().map(Documents::toJson).toList()
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
        return ask(client -> lines(client.get(PATH + "/" + encoded(mailbox))));
    }

    @Command(name = "resubscribe", description = "Subscribes a mailbox anew.", mixinStandardHelpOptions = true)
    int resubscribe(@Parameters(paramLabel = "MAILBOX", description = "Id or address.") String mailbox) {
        return act(mailbox, "resubscribe");
    }

    @Command(
            name = "resync",
            description = "Subscribes afresh and looks for what was missed.",
            mixinStandardHelpOptions = true)
    int resync(@Parameters(paramLabel = "MAILBOX", description = "Id or address.") String mailbox) {
        return act(mailbox, "resync");
    }

    @Command(name = "pause", description = "Stops taking a mailbox's call-backs.", mixinStandardHelpOptions = true)
    int pause(@Parameters(paramLabel = "MAILBOX", description = "Id or address.") String mailbox) {
        return act(mailbox, "pause");
    }

    @Command(name = "resume", description = "Goes on with a paused mailbox.", mixinStandardHelpOptions = true)
    int resume(@Parameters(paramLabel = "MAILBOX", description = "Id or address.") String mailbox) {
        return act(mailbox, "resume");
    }

    private int act(String mailbox, String action) {
        return ask(client -> {
            var after = client.post(PATH + "/" + encoded(mailbox) + "/" + action);
            return List.of(text(after, "address") + ": " + text(after, "state"));
        });
    }
}

package dev.tidemark.daemon.command;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `tidemark groups`.
@Command(
        name = "groups",
        description = "Adds mailboxes to groups of the running daemon, and removes them.",
        mixinStandardHelpOptions = true)
final class GroupsCommand extends AdminCommand {
    private static final String GROUP_HELP = "Name of a group in the configuration.";

    GroupsCommand(CommandEnvironment environment) {
        super(environment);
    }

    @Command(
            name = "add",
            description = "Adds a mailbox, beside those that the configuration names.",
            mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "GROUP", description = GROUP_HELP) String group,
            @Parameters(paramLabel = "ADDRESS", description = "Address of the mailbox.") String address) {
        return callDaemon(client -> {
            var mailbox = client.put(path(group, address));
            return List.of(
                    text(mailbox, "address") + " is in " + text(mailbox, "group") + ", state " + text(mailbox, "state"),
                    "see the outcome with: tidemark mailboxes show " + text(mailbox, "address"));
        });
    }

    @Command(name = "remove", description = "Removes a mailbox that was added.", mixinStandardHelpOptions = true)
    int remove(
            @Parameters(paramLabel = "GROUP", description = GROUP_HELP) String group,
            @Parameters(paramLabel = "ADDRESS", description = "Address of the mailbox.") String address) {
        return callDaemon(client -> {
            client.delete(path(group, address));
            return List.of(address + " is removed from " + group);
        });
    }

    private static String path(String group, String address) {
        return "/api/v1/groups/" + encoded(group) + "/mailboxes/" + encoded(address);
    }
}

package dev.tidemark.daemon.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tidemark reload`.
@Command(
        name = "reload",
        description = "Has the running daemon read its configuration again.",
        mixinStandardHelpOptions = true)
final class ReloadCommand extends AdminCommand implements Callable<Integer> {
    @Option(names = "--force", description = "Accepts a configuration that loses many mailboxes.")
    private boolean force;

    ReloadCommand(CommandEnvironment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        return callDaemon(client -> summary(client.post(force ? "/-/reload?force=true" : "/-/reload")));
    }

    private static List<String> summary(Map<String, Object> result) {
        var lines = new ArrayList<String>();
        if (result.get("changed") instanceof List<?> changed) {
            changed.forEach(each -> lines.add(String.valueOf(each)));
        }
        if (result.get("restartNeeded") instanceof List<?> keys) {
            keys.forEach(key -> lines.add(key + " changed, but needs a restart; the running value stays until then"));
        }
        return lines.isEmpty() ? List.of("nothing has changed") : lines;
    }
}

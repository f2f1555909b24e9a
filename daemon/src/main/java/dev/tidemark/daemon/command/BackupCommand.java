package dev.tidemark.daemon.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tidemark backup`.
@Command(
        name = "backup",
        description = "Copies the store of the running daemon to a directory on its machine.",
        mixinStandardHelpOptions = true)
final class BackupCommand extends AdminCommand implements Callable<Integer> {
    @Option(
            names = "--to",
            required = true,
            paramLabel = "DIR",
            description = "An absolute path below store.backup-directory; absent or an empty directory.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path to;

    BackupCommand(CommandEnvironment environment) {
        super(environment);
    }

    @Override
    public Integer call() {
        return callDaemon(this::backUp);
    }

    private List<String> backUp(AdminClient client) {
        var started = client.post("/api/v1/backup", Map.of("to", to.toString()));
        var operation = awaitOperation(client, started);
        return List.of(
                "backup in " + text(operation, "to") + " is complete up to position " + text(operation, "position"));
    }
}

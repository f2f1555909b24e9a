package dev.tidemark.daemon.command;

import dev.tidemark.daemon.StoreOpener;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.embedded.StoreBackup;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `tidemark restore`.
@Command(
        name = "restore",
        description = "Restores a backup to the empty store of a configuration, while no daemon runs on it.",
        mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(
            names = "--from",
            required = true,
            paramLabel = "DIR",
            description = "The directory that 'tidemark backup' made.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path from;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    RestoreCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        var read = config.read(environment);
        var backup = StoreBackup.find(from.toAbsolutePath().normalize());
        requireInstance(read, backup);
        var progress = new TransferProgress(spec.commandLine().getErr());
        StoreOpener.restore(backup, read.store(), environment.clock(), progress);
        progress.end();
        var out = spec.commandLine().getOut();
        out.println("restored instance " + backup.instance()
                + "; 'tidemark run' subscribes every mailbox again from the watermark of the backup");
        out.flush();
        return ExitCodes.DONE;
    }

    private static void requireInstance(TidemarkConfig config, StoreBackup backup) {
        var configured = config.store().instance();
        if (config.instanceAt().isPresent() && !configured.equals(backup.instance())) {
            throw new StoreException("The backup is of instance '" + backup.instance()
                    + "', but the configuration says '" + configured + "'; use the configuration of that instance.");
        }
    }
}

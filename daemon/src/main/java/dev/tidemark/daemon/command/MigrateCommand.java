package dev.tidemark.daemon.command;

import dev.tidemark.daemon.StoreOpener;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.transfer.StoreCopy;
import dev.tidemark.store.transfer.StoreDigest;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `tidemark migrate`.
@Command(
        name = "migrate",
        description = "Copies the store to the empty one of another configuration, while no daemon runs on either.",
        mixinStandardHelpOptions = true)
final class MigrateCommand implements Callable<Integer> {
    private final CommandEnvironment environment;

    @Mixin
    private final ConfigOption config = new ConfigOption();

    @Option(
            names = "--to-config",
            required = true,
            paramLabel = "FILE",
            description = "The configuration that names the new store.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path toConfig;

    @Spec
    @SuppressWarnings("NullAway.Init") // by picocli
    private CommandSpec spec;

    MigrateCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        var from = config.read(environment).store();
        var to = TidemarkConfig.read(toConfig, environment.variables()).store();
        if (from.url().equals(to.url())) {
            throw new StoreException(
                    "Both configurations name the same store; set another store.url in " + toConfig + ".");
        }
        var copied = copy(from, to);
        var out = spec.commandLine().getOut();
        out.println("copied " + copied.rows() + " rows; both stores have the same counts and checksums:");
        copied.kinds().forEach((kind, digest) -> out.println("  " + kind + " " + digest.count()));
        out.flush();
        return ExitCodes.DONE;
    }

    private StoreDigest copy(StoreConfig from, StoreConfig to) {
        var clock = environment.clock();
        var progress = new TransferProgress(spec.commandLine().getErr());
        try (var source = StoreOpener.openSource(from, clock)) {
            try (var target = StoreOpener.openTarget(to, clock)) {
                StoreCopy.copy(source, target, progress);
            }
            progress.end();
            var before = StoreDigest.of(source);
            try (var copy = StoreOpener.openSource(to, clock)) {
                requireEqual(before, StoreDigest.of(copy));
            }
            return before;
        }
    }

    private static void requireEqual(StoreDigest before, StoreDigest after) {
        var differences = before.differences(after);
        if (!differences.isEmpty()) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "The copy differs from the store (" + differences
                            + "); delete the copy, keep the store, and report this.");
        }
    }
}

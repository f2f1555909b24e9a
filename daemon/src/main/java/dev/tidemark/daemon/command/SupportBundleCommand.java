package dev.tidemark.daemon.command;

import dev.tidemark.daemon.StoreOpener;
import dev.tidemark.daemon.admin.BuildVersion;
import dev.tidemark.daemon.admin.UnreachableException;
import dev.tidemark.daemon.config.ConfigException;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.config.YamlJsonCodec;
import dev.tidemark.daemon.support.SupportBundle;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `tidemark support-bundle`.
@Command(
        name = "support-bundle",
        description = {
            "Writes a ZIP file for support: configuration, state, metrics, recent log, threads, files of the store.",
            "It holds no secrets, and no mail addresses unless --with-addresses is given."
        },
        mixinStandardHelpOptions = true)
final class SupportBundleCommand extends AdminCommand implements Callable<Integer> {
    private static final List<String> STATES =
            List.of("status", "connections", "sinks", "replays", "dead-letters", "mailboxes");

    private final CommandEnvironment environment;

    @Option(names = "--to", required = true, paramLabel = "F.zip", description = "The file to write.")
    @SuppressWarnings("NullAway.Init") // by picocli
    private Path to;

    @Option(names = "--with-addresses", description = "Keeps mail addresses instead of replacing them by pseudonyms.")
    private boolean withAddresses;

    SupportBundleCommand(CommandEnvironment environment) {
        super(environment);
        this.environment = environment;
    }

    @Override
    public Integer call() {
        var bundle = new SupportBundle(withAddresses);
        bundle.add("version.txt", version());
        addConfiguration(bundle);
        var reached = addDaemon(bundle);
        write(bundle);
        print("support bundle in " + to + (reached ? "" : ", without the daemon's part: it does not respond"));
        return reached ? ExitCodes.DONE : ExitCodes.PARTIAL;
    }

    private static String version() {
        return BuildVersion.current() + "\n" + System.getProperty("java.vm.name") + " "
                + System.getProperty("java.vm.version") + "\n" + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + " " + System.getProperty("os.arch") + "\n";
    }

    private void addConfiguration(SupportBundle bundle) {
        try {
            var read = TidemarkConfig.read(configFile(), environment.variables());
            bundle.add("configuration.yaml", YamlJsonCodec.toYaml(read.effective()));
            addStore(bundle, read);
        } catch (ConfigException | CommandException invalid) {
            bundle.add("configuration-faults.txt", String.valueOf(invalid.getMessage()));
        }
    }

    private static void addStore(SupportBundle bundle, TidemarkConfig config) {
        try {
            bundle.add("store.json", YamlJsonCodec.toJson(StoreCommand.tree(StoreOpener.inspect(config.store()))));
        } catch (RuntimeException unreadable) {
            bundle.add("store.txt", "The files of the store cannot be read: " + unreadable.getMessage());
        }
    }

    private boolean addDaemon(SupportBundle bundle) {
        try {
            callDaemon(client -> {
                STATES.forEach(name -> bundle.add(name + ".json", client.getText("/api/v1/" + name)));
                bundle.add("ready.json", client.getText("/health/ready"));
                bundle.add("metrics.txt", client.getText("/metrics"));
                var diagnostics = client.get("/api/v1/diagnostics");
                bundle.add("log.txt", joined(diagnostics.get("log")));
                bundle.add("threads.txt", text(diagnostics, "threads"));
                return List.of();
            });
            return true;
        } catch (UnreachableException | ConfigException gone) {
            bundle.add("daemon.txt", String.valueOf(gone.getMessage()));
            return false;
        }
    }

    private static String joined(@Nullable Object entries) {
        return entries instanceof List<?> lines
                ? String.join("\n", lines.stream().map(String::valueOf).toList())
                : "";
    }

    private void write(SupportBundle bundle) {
        try {
            bundle.writeTo(to);
        } catch (FileAlreadyExistsException exists) {
            throw new CommandException(ExitCodes.USAGE, to + " exists already; name a new file.");
        } catch (IOException unwritable) {
            throw new CommandException(
                    ExitCodes.FAILED,
                    "Failed to write " + to + ": " + unwritable.getMessage() + "; name another file.");
        }
    }
}

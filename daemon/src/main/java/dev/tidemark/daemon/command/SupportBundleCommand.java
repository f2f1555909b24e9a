package dev.tidemark.daemon.command;

import dev.tidemark.daemon.StoreOpener;
import dev.tidemark.daemon.admin.BuildVersion;
import dev.tidemark.daemon.admin.UnreachableException;
import dev.tidemark.daemon.config.ConfigException;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private static final List<String> STATES = List.of("status", "connections", "replays", "mailboxes");

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
        bundle.hideValuesOf(configFile(), environment.variables());
        bundle.add("version.txt", version());
        addConfiguration(bundle);
        var complete = addDaemon(bundle);
        write(bundle);
        print("support bundle in " + to
                + (complete ? "" : ", without some of the daemon's parts; their files in it name the cause"));
        return complete ? ExitCodes.DONE : ExitCodes.PARTIAL;
    }

    private static String version() {
        return BuildVersion.current() + "\n" + System.getProperty("java.vm.name") + " "
                + System.getProperty("java.vm.version") + "\n" + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + " " + System.getProperty("os.arch") + "\n";
    }

    private void addConfiguration(SupportBundle bundle) {
        try {
            var read = TidemarkConfig.read(configFile(), environment.variables());
            read.groups().forEach(group -> group.mailboxes().forEach(each -> bundle.hideAddress(each.value())));
            bundle.add("configuration.yaml", YamlJsonCodec.toYaml(withoutHeaders(read.effective())));
            addStore(bundle, read);
        } catch (ConfigException | CommandException invalid) {
            bundle.add("configuration-faults.txt", String.valueOf(invalid.getMessage()));
        }
    }

    /// Leaves only the names of headers: any value may be a credential.
    private static Map<String, Object> withoutHeaders(Map<String, ?> tree) {
        var result = new LinkedHashMap<String, Object>();
        tree.forEach((key, value) -> result.put(
                key,
                key.equals("headers") && value instanceof Map<?, ?> headers
                        ? List.copyOf(headers.keySet())
                        : withoutHeaders(value)));
        return result;
    }

    @SuppressWarnings("unchecked") // keys of the configuration are texts
    private static Object withoutHeaders(Object value) {
        return switch (value) {
            case Map<?, ?> map -> withoutHeaders((Map<String, ?>) map);
            case List<?> list ->
                list.stream().map(SupportBundleCommand::withoutHeaders).toList();
            default -> value;
        };
    }

    private static void addStore(SupportBundle bundle, TidemarkConfig config) {
        try {
            bundle.add("store.json", YamlJsonCodec.toJson(StoreCommand.tree(StoreOpener.inspect(config.store()))));
        } catch (RuntimeException unreadable) {
            bundle.add("store.txt", "The files of the store cannot be read: " + unreadable.getMessage());
        }
    }

    /// Returns false if a part is missing.
    private boolean addDaemon(SupportBundle bundle) {
        try {
            var complete = new boolean[] {true};
            callDaemon(client -> {
                parts(client).forEach((name, part) -> complete[0] &= add(bundle, name, part));
                return List.of();
            });
            return complete[0];
        } catch (UnreachableException | ConfigException | CommandException gone) {
            bundle.add("daemon.txt", String.valueOf(gone.getMessage()));
            return false;
        }
    }

    /// Reads one part of the bundle from the daemon.
    @FunctionalInterface
    private interface DaemonPart {
        String read();
    }

    private Map<String, DaemonPart> parts(AdminClient client) {
        var parts = new LinkedHashMap<String, DaemonPart>();
        STATES.forEach(name -> parts.put(name + ".json", () -> client.getText("/api/v1/" + name)));
        parts.put("sinks.json", () -> sinks(client));
        parts.put("dead-letters.json", () -> deadLetters(client));
        parts.put("ready.json", () -> client.getText("/health/ready"));
        parts.put("metrics.txt", () -> client.getText("/metrics"));
        parts.put("log.txt", () -> joined(client.get("/api/v1/diagnostics").get("log")));
        parts.put("threads.txt", () -> text(client.get("/api/v1/diagnostics"), "threads"));
        return parts;
    }

    private static boolean add(SupportBundle bundle, String name, DaemonPart part) {
        try {
            bundle.add(name, part.read());
            return true;
        } catch (CommandException refused) {
            bundle.add(name + ".missing.txt", String.valueOf(refused.getMessage()));
            return false;
        }
    }

    /// Leaves out the bodies of the receivers' responses, which may quote mails.
    private String sinks(AdminClient client) {
        var tree = client.get("/api/v1/sinks");
        if (!withAddresses) {
            items(tree).forEach(sink -> {
                if (sink.get("lastResponse") instanceof Map<?, ?> response) {
                    response.remove("body");
                }
            });
        }
        return YamlJsonCodec.toJson(tree);
    }

    /// Leaves out events and the receivers' responses, which may quote mails.
    private String deadLetters(AdminClient client) {
        var tree = client.get("/api/v1/dead-letters");
        if (!withAddresses) {
            items(tree).forEach(letter -> {
                letter.remove("event");
                letter.remove("responseBody");
            });
        }
        return YamlJsonCodec.toJson(tree);
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

package dev.tidemark.daemon.command;

import dev.tidemark.daemon.DaemonClocks;
import dev.tidemark.daemon.DaemonRunner;
import dev.tidemark.daemon.config.TidemarkConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// Starts a daemon in a temporary folder and stops it. `bin/tidemark` runs this once, so that the JVM can record
/// the classes that a start needs. Connects to no other host.
@Command(name = "warm-up", description = "Starts and stops a daemon in a temporary folder.", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    /// Uses port 9 (discard) of this machine. A request fails at once, which is enough to load the client's
    /// classes.
    private static final String CONFIGURATION = """
            instance: warm-up
            connections:
              none: { url: "http://127.0.0.1:9/EWS/Exchange.asmx", auth: { type: none }, allow-http: true }
            listener: { bind: "127.0.0.1:0", public-url: "http://127.0.0.1:9", drain: 0s }
            subscriptions:
              - { name: all, connection: none, mailboxes: [ warm-up@example.com ], forward-to: [ none ] }
            sinks:
              none: { type: webhook, url: "http://127.0.0.1:9/", secret: "${env:SECRET}" }
            egress: { allow: [ 127.0.0.0/8 ] }
            store: { url: "jdbc:h2:file:./tidemark", min-free: 0B }
            admin: { bind: "127.0.0.1:0" }
            """;

    private static final String SECRET = "whsec_d2FybS11cC13YXJtLXVwLXdhcm0tdXAtd2FybS11cA==";

    private final CommandEnvironment environment;

    WarmUpCommand(CommandEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var folder = Files.createTempDirectory("tidemark-warm-up-");
        try {
            var file = Files.writeString(folder.resolve("tidemark.yaml"), CONFIGURATION);
            var run = new DaemonRunner();
            run.start(TidemarkConfig.read(file, name -> Optional.of(SECRET)), DaemonClocks.steady(environment.clock()))
                    .awaitReady();
            run.stop();
            return ExitCodes.DONE;
        } finally {
            remove(folder);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

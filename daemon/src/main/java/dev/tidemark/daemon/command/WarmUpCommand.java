package dev.tidemark.daemon.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// Starts a daemon in a temporary folder and stops it, twice. `bin/tidemark` runs this once, so that the JVM can record
/// the classes that a start needs, with and without an earlier store. Connects to no other host.
@Command(name = WarmUpCommand.NAME, description = "Starts and stops a daemon in a temporary folder.", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
    static final String NAME = "warm-up";
    private static final int STARTS = 2;

    /// Uses port 9 (discard) of this machine. A request fails at once, which is enough to load the client's
    /// classes.
    private static final String CONFIGURATION = """
            instance: warm-up
            connections:
              none: { url: "http://127.0.0.1:9/EWS/Exchange.asmx", auth: { type: none }, allow-http: true }
            listener: { bind: "127.0.0.1:0", public-url: "http://127.0.0.1:9", drain: 0s }
            subscriptions:
              - name: all
                connection: none
                mailboxes: [ warm-up@example.com ]
                folders: [ inbox ]
                events: [ NewMail ]
                status-frequency: 30m
                forward-to: [ none ]
              - { name: listed, connection: none, mailboxes-file: mailboxes.txt, forward-to: [ none ] }
            sinks:
              none: { type: webhook, url: "http://127.0.0.1:9/", secret: "${env:SECRET}" }
            egress: { allow: [ 127.0.0.0/8 ] }
            store: { url: "jdbc:h2:file:./tidemark", min-free: 0B }
            admin: { bind: "127.0.0.1:0" }
            """;

    private static final String MAILBOXES = "listed@example.com\n";

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
            Files.writeString(folder.resolve("mailboxes.txt"), MAILBOXES);
            // the service manager waits for the start that follows
            var isolated = new CommandEnvironment(environment.clock(), WarmUpCommand::variable);
            var nowhere = new PrintWriter(Writer.nullWriter());
            for (var start = 0; start < STARTS; start++) {
                new ForegroundRun(isolated, nowhere, nowhere).rehearse(file);
            }
            return ExitCodes.DONE;
        } finally {
            remove(folder);
        }
    }

    private static Optional<String> variable(String name) {
        return name.equals("SECRET") ? Optional.of(SECRET) : Optional.empty();
    }

    private static void remove(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

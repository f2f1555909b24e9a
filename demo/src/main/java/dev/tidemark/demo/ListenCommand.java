package dev.tidemark.demo;

import dev.tidemark.ews.config.TextFiles;
import dev.tidemark.ews.config.UnreadableTextException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `tidemark listen`.
@Command(
        name = "listen",
        description = "Receives webhooks on loopback, verifies their signatures, and prints each event on a line.",
        mixinStandardHelpOptions = true)
final class ListenCommand implements Callable<Integer> {
    private final Clock clock;

    private static final Duration ENDLESS = Duration.ofDays(36_500);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--port", defaultValue = "9000", description = "The port (default: ${DEFAULT-VALUE}; 0: any).")
    private int port;

    @Option(
            names = "--secret-file",
            description = "A file with the sink's secret, whsec_…; otherwise TIDEMARK_SECRET has it.")
    private Optional<Path> secretFile = Optional.empty();

    ListenCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() {
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port takes 0 to 65535.");
        }
        var receiver = new WebhookReceiver(check(), new ReceivedEventLog(), this::print);
        try (var server = WebhookServer.start(port, receiver)) {
            print("listening at http://127.0.0.1:" + server.port() + "/");
            var interrupt = new InterruptHandler();
            interrupt.await(ENDLESS);
            interrupt.finish(0);
        }
        return 0;
    }

    private SignatureVerifier check() {
        try {
            return new SignatureVerifier(secret(), clock);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "The secret does not follow Standard Webhooks: " + e.getMessage(), e);
        }
    }

    private String secret() {
        return secretFile
                .map(this::read)
                .or(() -> Optional.ofNullable(System.getenv("TIDEMARK_SECRET")))
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "A secret is required: use --secret-file, or set TIDEMARK_SECRET;"
                                + " \"whsec_$(openssl rand -base64 32)\" makes one."))
                .strip();
    }

    private String read(Path file) {
        try {
            return TextFiles.read(file);
        } catch (UnreadableTextException e) {
            throw new DemoCommandException(
                    4, "Failed to read the secret's file " + file + ": " + e.sentence() + ".", e);
        } catch (IOException e) {
            throw new DemoCommandException(4, "The secret cannot be read from " + file + "; check the path.", e);
        }
    }

    private synchronized void print(String line) {
        var out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}

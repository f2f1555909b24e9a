package dev.tidemark.demo;

import dev.tidemark.simulator.LoggedRequest;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.record.ExchangeRecorder;
import dev.tidemark.simulator.throttle.AccountLimits;
import dev.tidemark.simulator.tls.SimulatorCertificate;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Options of `tidemark simulate` for the server of the simulated Exchange.
final class SimulatorServerOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--port", defaultValue = "8443", description = "The port (default: ${DEFAULT-VALUE}; 0: any).")
    private int port;

    @Option(
            names = "--bind",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (default: ${DEFAULT-VALUE}; 0.0.0.0: all, as in a container).")
    private String bind = "127.0.0.1";

    @Option(
            names = "--tls",
            description = "Speaks TLS with a self-signed certificate for localhost, 127.0.0.1 and --bind.")
    private boolean tls;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "Writes the certificate of --tls as PEM, for clients to trust (default: a temporary file).")
    private Optional<Path> certificate = Optional.empty();

    @Option(names = "--any-mailbox", description = "Creates each mailbox that a request names.")
    private boolean anyMailbox;

    @Option(
            names = "--login",
            paramLabel = "USER:PASSWORD",
            description = "Requires this Basic login; requests without it get 401. Without it, any login is accepted.")
    private Optional<String> login = Optional.empty();

    @Option(
            names = "--servers",
            defaultValue = "1",
            description = "Number of servers that share the mailboxes; each calls back from its own loopback address,"
                    + " ex01.simulated.example from 127.0.0.1 and so on (default: ${DEFAULT-VALUE}).")
    private int servers;

    @Option(
            names = "--speed",
            defaultValue = "1",
            description =
                    "Divides heartbeats and retries; 60 turns a minute into a second (default: ${DEFAULT-VALUE}).")
    private double speed;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Determines ids and random faults (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--log-requests", description = "Prints a line per request.")
    private boolean logRequests;

    @Option(
            names = "--no-limits",
            description = "Allows any number of concurrent requests and streams, and requests during a back-off.")
    private boolean unlimited;

    @Option(
            names = "--history",
            paramLabel = "DAYS",
            defaultValue = "30",
            description = "Days after which events are forgotten (default: ${DEFAULT-VALUE}; Exchange's default is 7).")
    private int history;

    @Option(
            names = "--keep",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Keeps the newest N items and events of a mailbox, and N entries of the ledger (default:"
                    + " ${DEFAULT-VALUE}; 0: all).")
    private int kept;

    @Option(
            names = "--record",
            paramLabel = "URL",
            description =
                    "Passes calls through to this Exchange instead, and records them with ids, addresses and texts"
                            + " replaced.")
    private Optional<URI> recorded = Optional.empty();

    @Option(names = "--to", paramLabel = "DIR", description = "Absent or empty directory for --record.")
    private Optional<Path> recording = Optional.empty();

    String address() {
        return bind + ":" + port;
    }

    /// Returns the settings of a recorder if `--record` asks for one.
    Optional<ExchangeRecorder.RecorderSettings> recorder() {
        if (recorded.isPresent() != recording.isPresent()
                || recorded.filter(url -> url.getHost() == null).isPresent()) {
            throw new ParameterException(
                    spec.commandLine(), "--record takes the URL of an Exchange server and needs --to DIR.");
        }
        recording.filter(SimulatorServerOptions::isInUse).ifPresent(folder -> {
            throw new ParameterException(
                    spec.commandLine(), "--to " + folder + " is not an empty directory; name a new or an empty one.");
        });
        return recorded.map(
                url -> new ExchangeRecorder.RecorderSettings(url, recording.orElseThrow(), bind, port, tls));
    }

    private static boolean isInUse(Path folder) {
        var content = folder.toFile().list();
        return Files.exists(folder) && (content == null || content.length > 0);
    }

    /// Returns the settings. Throws [ParameterException] for a value out of range.
    SimulatorConfig config() {
        if (port < 0 || port > 65_535 || !(speed > 0) || servers < 1 || servers > 99 || history < 1 || kept < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--port takes 0 to 65535, --speed more than 0, --servers 1 to 99, --history 1 or more, and --keep 0 or more.");
        }
        if (certificate.isPresent() && !tls) {
            throw new ParameterException(spec.commandLine(), "--certificate needs --tls.");
        }
        Consumer<LoggedRequest> listener = logRequests ? this::print : request -> {};
        var limits = unlimited ? AccountLimits.none() : AccountLimits.exchange();
        var access = new SimulatorConfig.Access(bind, anyMailbox, listener);
        var config = SimulatorConfig.defaults()
                .onPort(port)
                .withSpeed(speed)
                .withServers(servers)
                .withSeed(seed)
                .withLimits(limits.withHistory(Duration.ofDays(history)).withKept(kept))
                .withAccess(tls ? access.withTls() : access);
        return login.map(pair -> withLogin(config, pair)).orElse(config);
    }

    private SimulatorConfig withLogin(SimulatorConfig config, String pair) {
        var colon = pair.indexOf(':');
        if (colon < 1) {
            throw new ParameterException(spec.commandLine(), "--login takes USER:PASSWORD.");
        }
        return config.withLogin(pair.substring(0, colon), pair.substring(colon + 1));
    }

    /// Writes the certificate of a server with TLS as PEM. Returns the file.
    Path write(SimulatorCertificate own) {
        try {
            var file = certificate.isPresent() ? certificate.get() : Files.createTempFile("tidemark-simulate-", ".pem");
            return Files.writeString(file, own.pem()).toAbsolutePath();
        } catch (IOException e) {
            throw new DemoCommandException(
                    1,
                    "The certificate cannot be written to "
                            + certificate.map(Path::toString).orElse("a temporary file")
                            + "; name a different file with --certificate.",
                    e);
        }
    }

    private void print(LoggedRequest request) {
        var out = spec.commandLine().getOut();
        out.println(request.at() + " " + request.operation() + " "
                + request.mailbox().map(MailboxAddress::value).orElse("-") + " " + request.version());
        out.flush();
    }
}

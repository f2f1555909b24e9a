package dev.tidemark.demo;

import dev.tidemark.daemon.admin.access.AdminTokenFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Environment of the demonstration's daemon: a temporary directory, free loopback ports, a secret and a
/// configuration. Its limits detect silence within seconds. Closing it deletes the directory.
final class DemoEnvironment implements AutoCloseable {
    private final Path folder;
    private final String store;
    private final String secret;
    private final int listenerPort;
    private final int adminPort;
    private final String adminToken;

    private DemoEnvironment(Path folder, String store) throws IOException {
        this.folder = folder;
        this.store = store;
        var key = new byte[32];
        new SecureRandom().nextBytes(key);
        secret = "whsec_" + Base64.getEncoder().encodeToString(key);
        listenerPort = freePort();
        adminPort = freePort();
        adminToken = new AdminTokenFile(folder.resolve(AdminTokenFile.NAME)).readOrCreate();
    }

    /// @param store URL of the daemon's store; empty for files in the temporary directory
    static DemoEnvironment create(Optional<String> store) {
        try {
            return new DemoEnvironment(
                    Files.createTempDirectory("tidemark-demo-"), store.orElse("jdbc:h2:file:./tidemark"));
        } catch (IOException e) {
            throw new DemoCommandException(
                    4, "No temporary directory can be made; set java.io.tmpdir to a folder with free space.", e);
        }
    }

    String secret() {
        return secret;
    }

    /// Returns the address of the status page, with its token.
    URI statusPage() {
        return URI.create("http://127.0.0.1:" + adminPort + "/#token=" + adminToken);
    }

    /// Writes the daemon's configuration and returns its path.
    Path configuration(URI exchange, List<String> mailboxes, int webhookPort) {
        var text = """
                   instance: demo
                   connections:
                     simulated:
                       url: %s
                       auth: { type: none }
                   listener:
                     bind: 127.0.0.1:%s
                     public-url: http://127.0.0.1:%s
                     drain: 100ms
                   subscriptions:
                     - name: inboxes
                       connection: simulated
                       mailboxes: [ %s ]
                       events: [ NewMail ]
                       status-frequency: 1m
                       forward-to: [ receiver ]
                   sinks:
                     receiver:
                       url: http://127.0.0.1:%s/
                       secret: %s
                   egress:
                     allow: [ 127.0.0.0/8 ]
                   store:
                     url: %s
                     min-free: 16MiB
                   # the simulated Exchange is fast: a heartbeat every two seconds
                   compensator:
                     silence-after: 6s
                     first-callback: 5s
                     sweep-interval: 500ms
                   admin:
                     bind: 127.0.0.1:%s
                     token-file: %s
                   """.formatted(
                        exchange,
                        listenerPort,
                        listenerPort,
                        String.join(", ", mailboxes),
                        webhookPort,
                        secret,
                        store,
                        adminPort,
                        AdminTokenFile.NAME);
        try {
            return Files.writeString(folder.resolve("tidemark.yaml"), text);
        } catch (IOException e) {
            throw new DemoCommandException(4, "Nothing can be written to " + folder + "; free some space there.", e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(DemoEnvironment::delete);
        } catch (IOException e) {
            throw new UncheckedIOException("The temporary directory " + folder + " is left behind.", e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The temporary file " + file + " is left behind.", e);
        }
    }

    /// Returns a port that was free a moment ago. The daemon must know its own address before it listens.
    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new DemoCommandException(4, "No port of loopback is free; close something that listens.", e);
        }
    }
}

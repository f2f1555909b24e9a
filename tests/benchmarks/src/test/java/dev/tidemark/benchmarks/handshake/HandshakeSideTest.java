package dev.tidemark.benchmarks.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tidemark.benchmarks.server.DaemonFolder;
import dev.tidemark.benchmarks.server.MailboxFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connects to nginx, if it, a C compiler and the headers of OpenSSL are here; the figures are irrelevant.
final class HandshakeSideTest {
    private static final Path SOURCE = Path.of("src/main/c/handshake_client.c");
    private static final int THREADS = 2;

    @TempDir
    private Path folder;

    @Test
    void each_connection_is_new_or_resumed_as_requested() throws Exception {
        assumeThat(run("nginx", "-v")).as("nginx is installed").isZero();
        var client = folder.resolve("handshake_client");
        assumeThat(run(
                        "cc",
                        "-O2",
                        "-Wall",
                        "-Werror",
                        "-pthread",
                        "-o",
                        client.toString(),
                        SOURCE.toString(),
                        "-lssl",
                        "-lcrypto"))
                .as("a C compiler and the headers of OpenSSL are installed")
                .isZero();
        DaemonFolder.prepareWithTls(folder, THREADS, folder.resolve("kept"), Clock.systemUTC());
        var requests = folder.resolve("requests");
        MailboxFixture.writeRequests(folder, requests, Clock.systemUTC().instant());
        var nginx = NginxServer.start(
                "nginx",
                folder.resolve("nginx"),
                folder.resolve(DaemonFolder.CERTIFICATE),
                folder.resolve(DaemonFolder.KEY));

        try (var side = new HandshakeSide(nginx, client, requests, THREADS)) {
            for (var version : List.of("1.2", "1.3")) {
                for (var kind : List.of(HandshakeBenchmark.NEW, HandshakeBenchmark.RESUMED)) {
                    var cost = side.turn(version, kind, 0.3);
                    assertThat(HandshakeReport.Side.of(cost).valid(kind, THREADS))
                            .as("%s %s: %s", version, kind, cost)
                            .isTrue();
                }
            }
        }
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException missing) {
            return 127;
        }
    }
}

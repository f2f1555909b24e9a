package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.admin.access.AdminTokenFile;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.testsupport.TestIdentity;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests TLS on the admin API of a whole daemon.
final class AdminTlsTest {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final String TLS = "tls: { certificate: cert.pem, private-key: key.pem }";

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private TestIdentity identity;

    @BeforeEach
    void makeCertificate() throws IOException {
        identity = TestIdentity.create();
        identity.write(folder);
    }

    private Path config(String admin) throws IOException {
        return Files.writeString(
                folder.resolve("t.yaml"),
                TestDaemonConfig.TEXT.replace("admin: { bind: '127.0.0.1:0' }", "admin: { " + admin + " }"));
    }

    private static TidemarkDaemon start(Path config) {
        return TidemarkDaemon.start(
                TidemarkConfig.read(config, name -> Optional.of(ConfigFileTest.SECRET)), Clock.systemUTC());
    }

    /// Returns the status of a response to a client that trusts only this certificate.
    private static int status(URI page, TestIdentity trusted) throws IOException {
        try (var client = HttpClient.newBuilder().sslContext(trusted.trust()).build()) {
            return client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    void the_api_speaks_tls_and_the_command_line_trusts_the_configured_certificate() throws IOException {
        var file = config("bind: '127.0.0.1:0', " + TLS);
        try (var daemon = start(file)) {
            assertThat(daemon.adminAddress()).hasScheme("https");
            assertThat(daemon.pageAddress().toString()).startsWith("https://127.0.0.1:");
            assertThat(status(daemon.pageAddress().resolve("/"), identity)).isEqualTo(200);
            var other = TestIdentity.create();
            assertThatIOException().isThrownBy(() -> status(daemon.pageAddress().resolve("/"), other));

            var commands =
                    TidemarkMain.commandLine(new CommandEnvironment(Clock.systemUTC(), name -> Optional.empty()));
            var out = new StringWriter();
            commands.setOut(new PrintWriter(out));
            assertThat(commands.execute(
                            "status", "--admin", daemon.adminAddress().toString(), "--config", file.toString()))
                    .isZero();
            assertThat(out.toString()).contains("instance gw1");
        }
    }

    @Test
    void the_command_line_trusts_no_other_certificate_in_the_file() throws IOException {
        var file = config("bind: '127.0.0.1:0', " + TLS);
        try (var daemon = start(file)) {
            // as of an impostor whose certificate another one in the chain would vouch for
            // in a folder of its own, because the daemon would use the changed files
            var other = Files.createDirectory(folder.resolve("other"));
            Files.copy(file, other.resolve("t.yaml"));
            Files.copy(folder.resolve(AdminTokenFile.NAME), other.resolve(AdminTokenFile.NAME));
            var impostor = TestIdentity.create();
            impostor.write(other);
            Files.writeString(other.resolve("cert.pem"), impostor.certificatePem() + identity.certificatePem());
            var commands =
                    TidemarkMain.commandLine(new CommandEnvironment(Clock.systemUTC(), name -> Optional.empty()));
            var err = new StringWriter();
            commands.setErr(new PrintWriter(err));
            assertThat(commands.execute(
                            "status",
                            "--admin",
                            daemon.adminAddress().toString(),
                            "--config",
                            other.resolve("t.yaml").toString()))
                    .isEqualTo(ExitCodes.UNREACHABLE);
            assertThat(err.toString()).contains("No admin API responds at");
        }
    }

    @Test
    void a_changed_certificate_is_used_without_a_restart() throws IOException {
        try (var daemon = start(config("bind: '127.0.0.1:0', " + TLS))) {
            var next = TestIdentity.create();
            next.write(folder);
            await().atMost(Duration.ofMinutes(1))
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(status(daemon.pageAddress().resolve("/"), next))
                            .isEqualTo(200));
        }
    }

    @Test
    void beyond_loopback_nothing_but_the_page_is_served_without_a_token() throws Exception {
        var tokens = "tokens: [ { name: a, token: " + TOKEN + ", role: read } ]";
        try (var daemon = start(config("bind: '0.0.0.0:0', " + TLS + ", " + tokens));
                var client =
                        HttpClient.newBuilder().sslContext(identity.trust()).build()) {
            var base = URI.create("https://127.0.0.1:" + daemon.adminAddress().getPort());
            assertThat(status(base.resolve("/"), identity)).isEqualTo(200);
            for (var path : new String[] {"/health/live", "/metrics", "/api/v1/status"}) {
                assertThat(status(base.resolve(path), identity)).as(path).isEqualTo(401);
                var request = HttpRequest.newBuilder(base.resolve(path))
                        .header("Authorization", "Bearer " + TOKEN)
                        .build();
                assertThat(client.send(request, BodyHandlers.discarding()).statusCode())
                        .as(path)
                        .isEqualTo(200);
            }
        }
    }
}

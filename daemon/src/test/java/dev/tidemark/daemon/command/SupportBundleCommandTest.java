package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs `tidemark support-bundle` and `tidemark completion` as an operator does.
final class SupportBundleCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Optional<String> admin = Optional.of("http://127.0.0.1:1");

    @TempDir
    private Path folder;

    private Path config;

    @BeforeEach
    void writeConfiguration() throws IOException {
        config = Files.writeString(
                folder.resolve("t.yaml"), TestDaemonConfig.TEXT.replace("file:./t'", "file:./data/t'"));
    }

    private Optional<String> variable(String name) {
        return switch (name) {
            case "TIDEMARK_ADMIN" -> admin;
            case "CRM_SECRET" -> Optional.of(ConfigFileTest.SECRET);
            default -> Optional.empty();
        };
    }

    private int run(String... arguments) {
        var commands = TidemarkMain.commandLine(new CommandEnvironment(Clock.systemUTC(), this::variable));
        commands.setOut(new PrintWriter(out));
        commands.setErr(new PrintWriter(err));
        return commands.execute(arguments);
    }

    private static Map<String, String> texts(Path file) throws IOException {
        var result = new LinkedHashMap<String, String>();
        try (var zip = new ZipFile(file.toFile())) {
            for (var entry : Collections.list(zip.entries())) {
                result.put(
                        entry.getName(), new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return result;
    }

    @Test
    void without_a_daemon_the_bundle_is_written_in_part() throws IOException {
        var file = folder.resolve("b.zip");
        assertThat(run("support-bundle", "--to", file.toString(), "--config", config.toString()))
                .isEqualTo(5);
        assertThat(out.toString()).contains("without some of the daemon's parts");
        assertThat(texts(file)).containsOnlyKeys("version.txt", "configuration.yaml", "store.txt", "daemon.txt");
    }

    @Test
    void an_invalid_configuration_is_reported_in_the_bundle() throws IOException {
        Files.writeString(config, "instanze: x\n");
        var file = folder.resolve("b.zip");
        run("support-bundle", "--to", file.toString(), "--config", config.toString());
        assertThat(texts(file))
                .extractingByKey("configuration-faults.txt")
                .asString()
                .contains("instanze");
    }

    @Test
    void the_bundle_of_a_running_daemon_holds_no_secret_and_no_address() throws IOException {
        var file = folder.resolve("b.zip");
        try (var daemon = TidemarkDaemon.start(TidemarkConfig.read(config, this::variable), Clock.systemUTC())) {
            admin = Optional.of(daemon.adminAddress().toString());
            assertThat(run("support-bundle", "--to", file.toString(), "--config", config.toString()))
                    .as(err::toString)
                    .isZero();
        }
        var texts = texts(file);
        assertThat(texts.get("log.txt")).contains("Enrolled address-");
        assertThat(texts.get("threads.txt")).contains("DiagnosticsRoute");
        assertThat(texts.get("status.json")).contains("\"instance\":\"gw1\"");
        assertThat(texts.get("metrics.txt")).contains("tidemark_mailboxes");
        assertThat(texts.get("mailboxes.json")).contains("@masked.invalid");
        assertThat(texts.values())
                .allSatisfy(text ->
                        assertThat(text).doesNotContain(ConfigFileTest.SECRET, "ada@example.com", "bob@example.com"));
    }

    @Test
    void no_response_of_a_receiver_is_in_the_bundle_because_it_may_quote_mail() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", SupportBundleCommandTest::refuseWithQuotation);
        server.start();
        try {
            admin = Optional.of("http://127.0.0.1:" + server.getAddress().getPort());
            var masked = folder.resolve("masked.zip");
            run("support-bundle", "--to", masked.toString(), "--config", config.toString());
            assertThat(texts(masked).get("sinks.json")).contains("crm", "422");
            assertThat(texts(masked).get("dead-letters.json")).contains("crm");
            assertThat(texts(masked).values())
                    .allSatisfy(text -> assertThat(text).doesNotContain("salary"));
            var whole = folder.resolve("whole.zip");
            run("support-bundle", "--with-addresses", "--to", whole.toString(), "--config", config.toString());
            assertThat(texts(whole).get("sinks.json")).contains("salary");
        } finally {
            server.stop(0);
        }
    }

    /// Responds as the admin API of a daemon whose receiver refuses events with a text about a mail.
    private static void refuseWithQuotation(HttpExchange exchange) throws IOException {
        var body = switch (exchange.getRequestURI().getPath()) {
            case "/api/v1/sinks" -> """
                {"items":[{"name":"crm","lastResponse":{"status":422,"body":"Re: your salary"}}]}""";
            case "/api/v1/dead-letters" -> """
                {"items":[{"sink":"crm","event":{"subject":"salary"},"responseBody":"Re: your salary"}]}""";
            default -> "{}";
        };
        try (exchange) {
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Test
    void a_token_that_may_not_read_everything_gives_a_bundle_in_part() throws IOException {
        var file = folder.resolve("b.zip");
        var token = Files.writeString(folder.resolve("wrong"), "not-the-token");
        try (var daemon = TidemarkDaemon.start(TidemarkConfig.read(config, this::variable), Clock.systemUTC())) {
            admin = Optional.of(daemon.adminAddress().toString());
            assertThat(run(
                            "support-bundle",
                            "--to",
                            file.toString(),
                            "--config",
                            config.toString(),
                            "--token-file",
                            token.toString()))
                    .as(err::toString)
                    .isEqualTo(5);
        }
        assertThat(texts(file)).containsKeys("configuration.yaml", "log.txt.missing.txt", "metrics.txt");
    }

    @Test
    void the_completion_knows_commands_and_options() {
        assertThat(run("completion", "bash")).isZero();
        assertThat(out.toString()).contains("_complete_tidemark", "support-bundle", "--with-addresses");
        assertThat(run("completion", "zsh")).isZero();
        assertThat(out.toString()).contains("bashcompinit");
        assertThat(run("completion", "fish")).isEqualTo(2);
    }
}

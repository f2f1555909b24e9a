package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tests how commands find the token of the first start.
final class AdminEndpointTest {
    private static final CommandEnvironment BARE = new CommandEnvironment(Clock.systemUTC(), name -> Optional.empty());

    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();

    private Path config(String text) throws IOException {
        return Files.writeString(folder.resolve("t.yaml"), text);
    }

    private int run(CommandEnvironment environment, String... words) {
        err.getBuffer().setLength(0);
        var commands = TidemarkMain.commandLine(environment);
        commands.setOut(new PrintWriter(new StringWriter()));
        commands.setErr(new PrintWriter(err));
        return commands.execute(words);
    }

    private static CommandEnvironment with(String variable, String value) {
        return new CommandEnvironment(
                Clock.systemUTC(), name -> Optional.of(value).filter(ignored -> name.equals(variable)));
    }

    @Test
    void commands_find_the_token_of_the_first_start_by_the_configuration() throws IOException {
        var file = config(TestDaemonConfig.TEXT);
        var config = TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET));
        try (var daemon = TidemarkDaemon.start(config, Clock.systemUTC())) {
            var admin = daemon.adminAddress().toString();
            var token = TestDaemonConfig.token(folder);
            assertThat(daemon.pageAddress().toString()).isEqualTo(admin + "/#token=" + token);
            // the configuration's secrets are not there
            assertThat(run(BARE, "status", "--admin", admin, "--config", file.toString()))
                    .isZero();
            assertThat(run(with("TIDEMARK_TOKEN", token), "status", "--admin", admin))
                    .isZero();
            var tokenFile = folder.resolve("admin-token").toString();
            assertThat(run(BARE, "mailboxes", "list", "--admin", admin, "--token-file", tokenFile))
                    .isZero();
            // an unset variable of a script
            assertThat(run(with("TIDEMARK_TOKEN", ""), "status", "--admin", admin, "--config", file.toString()))
                    .isZero();
            assertThat(run(BARE, "status", "--admin", admin)).isEqualTo(ExitCodes.FAILED);
            assertThat(err.toString().lines())
                    .singleElement()
                    .asString()
                    .contains("needs a token", "--config", "--token-file", "TIDEMARK_TOKEN");
            assertThat(run(with("TIDEMARK_TOKEN", "wrong"), "status", "--admin", admin))
                    .isEqualTo(ExitCodes.FAILED);
            assertThat(err.toString()).contains("refused the token");
        }
    }

    @Test
    void a_missing_token_is_explained_by_the_configuration() throws IOException {
        var tokens = config("admin:\n  bind: 127.0.0.1:9000\n  tokens: [ { name: ops, token: abc, role: operate } ]\n");
        assertThat(AdminEndpoint.find(Optional.of(tokens), BARE).tokenRemedy(URI.create("http://127.0.0.1:9000")))
                .isEqualTo(
                        "the configuration has admin.tokens; name a current token with --token-file or TIDEMARK_TOKEN");
        var first = config("admin:\n  bind: 127.0.0.1:9000\n");
        var endpoint = AdminEndpoint.find(Optional.of(first), BARE);
        assertThat(endpoint.tokenRemedy(URI.create("http://127.0.0.1:9000"))).contains("its --config");
        assertThat(endpoint.tokenRemedy(URI.create("http://127.0.0.1:9001")))
                .startsWith("the configuration names another address (http://127.0.0.1:9000)")
                .contains("correct --admin");
    }

    @Test
    void the_token_survives_a_restart() throws IOException {
        var config = TidemarkConfig.read(config(TestDaemonConfig.TEXT), name -> Optional.of(ConfigFileTest.SECRET));
        TidemarkDaemon.start(config, Clock.systemUTC()).close();
        var token = TestDaemonConfig.token(folder);
        TidemarkDaemon.start(config, Clock.systemUTC()).close();
        assertThat(TestDaemonConfig.token(folder)).isEqualTo(token);
    }

    @ParameterizedTest
    @CsvSource({
        "'bind: 127.0.0.1:9000', http://127.0.0.1:9000",
        "'bind: localhost:9000', http://localhost:9000",
        "'bind: 0.0.0.0:9000', http://127.0.0.1:9000",
        "'bind: \"[::]:9000\"', http://127.0.0.1:9000",
        "'token-file: t', http://127.0.0.1:8781"
    })
    void the_configuration_names_the_address(String key, URI address) throws IOException {
        var file = config("admin:\n  " + key + "\n");
        assertThat(AdminEndpoint.find(Optional.of(file), BARE).address()).contains(address);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.5:9000,  http://10.0.0.5:9000,             true",
        "10.0.0.5:9000,  http://10.0.0.5:9001,             false",
        "10.0.0.5:9000,  http://127.0.0.1:9000,            false",
        "10.0.0.5:9000,  http://tidemark.example.com:9000, false",
        "127.0.0.1:9000, http://127.0.0.1:9000,            true",
        "127.0.0.1:9000, http://localhost:9000,            true",
        "127.0.0.1:9000, http://127.0.0.1:9001,            false",
        "0.0.0.0:9000,   http://127.0.0.1:9000,            true",
        "0.0.0.0:9000,   http://10.0.0.5:9000,             false"
    })
    void another_machine_never_receives_the_token(String bind, URI address, boolean receives) throws IOException {
        var file = config("admin:\n  bind: " + bind + "\nstore: { url: 'jdbc:h2:file:./t' }\n");
        Files.writeString(folder.resolve("admin-token"), "0123456789abcdef0123456789abcdef");
        var endpoint = AdminEndpoint.find(Optional.of(file), BARE);
        assertThat(endpoint.token(address).isPresent()).isEqualTo(receives);
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:h2:file:./t, admin-token",
        "jdbc:h2:file:./data/tidemark;MODE=x, data/admin-token",
        "jdbc:postgresql://db/tidemark, data/admin-token"
    })
    void the_token_lies_beside_the_store(String store, String place) throws IOException {
        var section = TidemarkConfig.readAdmin(config("store: { url: '" + store + "' }\n"), name -> Optional.empty());
        assertThat(section.tokenFile()).isEqualTo(folder.resolve(place));
    }
}

package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Tests addresses of RFC 5322, section 3.2.3, in paths of a whole daemon's admin API.
@TestInstance(Lifecycle.PER_CLASS)
final class EncodedPathTest {
    private static final String ODD = "o/h%2f#;?+x'y=1&{z}@example.com";

    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init")
    private TidemarkDaemon daemon;

    @BeforeAll
    void start() throws IOException {
        var text = TestDaemonConfig.TEXT.replace("[ ada@example.com, bob@example.com ]", "[ \"" + ODD + "\" ]");
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        daemon = TidemarkDaemon.start(
                TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET)), Clock.systemUTC());
    }

    @AfterAll
    void stop() {
        daemon.close();
    }

    @Test
    void a_mailbox_is_found_and_acted_on_by_any_address() {
        var path = "/api/v1/mailboxes/" + AdminCommand.encoded(ODD);
        try (var client = client()) {
            assertThat(client.get(path)).containsEntry("address", ODD);
            assertThat(client.post(path + "/pause")).containsEntry("state", "paused");
            assertThat(client.get(path)).containsEntry("state", "paused");
        }
    }

    /// Paths with a slash that is encoded twice, or with an encoded part of the API's own path.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/mailboxes/o%252Fh%252f%23%3B%3F%2Bx%27y%3D1%26%7Bz%7D%40example.com",
                "/api/v1/mailboxes/o/h%252f%23%3B%3F%2Bx%27y%3D1%26%7Bz%7D%40example.com",
                "/api%2Fv1/status"
            })
    void what_only_looks_like_it_is_not_there(String path) {
        try (var client = client()) {
            assertThatExceptionOfType(CommandException.class)
                    .isThrownBy(() -> client.get(path))
                    .withMessageMatching("(?s).*(no mailbox is called|there is nothing at).*");
        }
    }

    private AdminClient client() {
        return new AdminClient(daemon.adminAddress(), Optional.of(TestDaemonConfig.token(folder)));
    }
}

package dev.tidemark.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.daemon.TestDaemonConfig;
import dev.tidemark.daemon.TidemarkDaemon;
import dev.tidemark.daemon.config.ConfigFileTest;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.testsupport.TestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests that a working daemon passes the check of the watchdog, whatever its listener speaks.
final class RestartReasonTest {
    @TempDir
    private Path folder;

    @Test
    void a_listener_without_tls_and_on_all_addresses_responds() throws IOException {
        assertWorks(TestDaemonConfig.TEXT.replace("listener: { bind: '127.0.0.1:0'", "listener: { bind: '0.0.0.0:0'"));
    }

    @Test
    void a_listener_with_tls_responds() throws IOException, GeneralSecurityException {
        TestIdentity.create().write(folder);
        assertWorks(TestDaemonConfig.TEXT.replace(
                "drain: 0s }", "drain: 0s, tls: { certificate: cert.pem, private-key: key.pem } }"));
    }

    private void assertWorks(String text) throws IOException {
        var file = Files.writeString(folder.resolve("t.yaml"), text);
        var config = TidemarkConfig.read(file, name -> Optional.of(ConfigFileTest.SECRET));
        try (var daemon = TidemarkDaemon.start(config, Clock.systemUTC())) {
            assertThat(daemon.restartReason()).isEmpty();
        }
    }
}

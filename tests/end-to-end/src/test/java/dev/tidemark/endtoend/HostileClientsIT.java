package dev.tidemark.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.endtoend.MailUnderAttack.LegitimateLoad;
import dev.tidemark.testsupport.TestIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Attacks a daemon with a small heap while Exchange delivers mail over TLS.
final class HostileClientsIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    private SSLContext before;
    private TestIdentity certificate;

    /// Makes the simulated Exchange trust the listener's certificate.
    @BeforeEach
    void trust() throws IOException, NoSuchAlgorithmException {
        before = SSLContext.getDefault();
        certificate = TestIdentity.create();
        certificate.write(folder);
        SSLContext.setDefault(TestIdentity.trusting(List.of(certificate)));
    }

    @AfterEach
    void restore() {
        SSLContext.setDefault(before);
    }

    /// In soak runs only: on a busy machine the attackers need minutes for all kinds of attack.
    @Test
    @Tag("soak")
    void hostile_clients_cost_no_mail_and_not_the_heap() {
        var figures = new MailUnderAttack(new LegitimateLoad(10, 1), 50, 5, 100, Duration.ofMillis(20))
                .run(folder, Duration.ofSeconds(15));
        report(figures);
        assertThat(figures.acknowledged()).isPositive();
    }

    /// Takes `-Dattack.seconds=300`, and `-Dtidemark.shipped=true` for the delays of the launcher's JVM. Prints the
    /// delays every 30 seconds and at the end; the assertions are those of the short test.
    ///
    /// Attackers and Exchange share the processors with the daemon, and a TLS connection costs them more than it
    /// costs the daemon. So 20 callbacks share a connection, and an attacker pauses for ten seconds before its
    /// next one: otherwise the handshakes of the clients alone take both processors of a small machine.
    @Test
    @Tag("soak")
    void nor_do_a_thousand_slow_ones_and_ten_thousand_forged_tokens_a_second() {
        var figures = new MailUnderAttack(new LegitimateLoad(500, 20), 1000, 100, 10_000, Duration.ofSeconds(10))
                .run(folder, Duration.ofSeconds(Long.getLong("attack.seconds", 300)));
        report(figures);
    }

    private static void report(MailUnderAttack.Figures figures) {
        System.getLogger("figures").log(System.Logger.Level.INFO, "{0}", figures);
    }
}

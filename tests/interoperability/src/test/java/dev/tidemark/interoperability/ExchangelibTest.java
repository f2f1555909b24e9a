package dev.tidemark.interoperability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.testsupport.ExchangeTraffic;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Runs exchangelib, the usual client for Python, against the simulated Exchange. Skipped if Debian's
/// `python3-exchangelib` is not installed.
final class ExchangelibTest {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String ADA = "ada@example.com";
    private static final String BOB = "bob@example.com";

    /// Steps that fail, and the error of each; docs/interoperability.md has the reasons.
    private static final Set<String> DIFFERENCES = Set.of("archive_root", "public_folders", "push_from_watermark");

    private final ExchangeTraffic traffic = new ExchangeTraffic();
    private final SimulatedExchange exchange =
            SimulatedExchange.start(SimulatorConfig.defaults().withBodies(traffic::add), Clock.systemUTC());

    @AfterEach
    void close() {
        exchange.close();
    }

    @Test
    void it_uses_a_mailbox_and_all_kinds_of_subscription() throws Exception {
        var home = ForeignClient.home("python");
        assumeThat(Path.of(PYTHON)).as("%s, to run exchangelib", PYTHON).exists();
        assumeThat(ForeignClient.run(home, 60, PYTHON, "-c", "import exchangelib")
                        .status())
                .as("exchangelib, which Debian has as python3-exchangelib, can be imported by %s", PYTHON)
                .isZero();
        exchange.addMailbox(ADA);
        exchange.addMailbox(BOB);

        var script = ForeignClient.script("exchangelib_client.py");
        var failures = ForeignClient.run(
                        home, 300, PYTHON, script, exchange.url().toString(), ADA, BOB)
                .failures();

        assertThat(failures).containsOnlyKeys(DIFFERENCES);
        assertThat(failures.get("archive_root")).contains("ErrorFolderNotFound");
        assertThat(failures.get("public_folders")).contains("ErrorFolderNotFound");
        assertThat(failures.get("push_from_watermark")).contains("ErrorSchemaValidation", "'Watermark' in namespace");
        assertThat(traffic.check()).isPositive();
    }
}

package dev.tidemark.interoperability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.testsupport.ExchangeTraffic;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Runs ews-javascript-api, a port of Microsoft's client, against the simulated Exchange. Skipped if Node is
/// missing or npm cannot fetch the client.
final class EwsJavascriptApiTest {
    private static final String LIBRARY = "ews-javascript-api@0.15.3";
    private static final String ADA = "ada@example.com";
    private static final String BOB = "bob@example.com";
    private static final String GROUP = "all@example.com";

    private final ExchangeTraffic traffic = new ExchangeTraffic();
    private final SimulatedExchange exchange =
            SimulatedExchange.start(SimulatorConfig.defaults().withBodies(traffic::add), Clock.systemUTC());

    @AfterEach
    void close() {
        exchange.close();
    }

    @Test
    void it_uses_a_mailbox_and_all_kinds_of_subscription() throws Exception {
        var home = NpmPackages.install("node", "ews-javascript-api", LIBRARY);
        var members = List.of(
                exchange.addMailbox(ADA).address(), exchange.addMailbox(BOB).address());
        exchange.addDistributionGroup(new MailboxAddress(GROUP), members);

        var script = home.resolve("client.cjs");
        Files.copy(
                Path.of(ForeignClient.script("ews_javascript_client.cjs")),
                script,
                StandardCopyOption.REPLACE_EXISTING);
        var failures = ForeignClient.run(
                        home, 300, "node", script.toString(), exchange.url().toString(), ADA, BOB, GROUP)
                .failures();

        assertThat(failures).isEmpty();
        assertThat(traffic.check()).isPositive();
    }
}

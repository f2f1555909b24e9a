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

/// Runs node-ews, which builds itself from the WSDL and schemas that the simulated Exchange serves. Skipped if Node is
/// missing or npm cannot fetch the client.
final class NodeEwsTest {
    private static final String LIBRARY = "node-ews@3.5.0";
    /// dependency that the package does not declare
    private static final String LOGIN = "ntlm-client@0.1.1";

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
    void a_client_from_the_served_description_works() throws Exception {
        var home = NpmPackages.install("node-ews", "node-ews", LIBRARY, LOGIN);
        var members = List.of(
                exchange.addMailbox(ADA).address(), exchange.addMailbox(BOB).address());
        exchange.addDistributionGroup(new MailboxAddress(GROUP), members);

        var script = home.resolve("client.cjs");
        Files.copy(Path.of(ForeignClient.script("node_ews_client.cjs")), script, StandardCopyOption.REPLACE_EXISTING);
        var failures = ForeignClient.run(
                        home, 120, "node", script.toString(), exchange.url().toString(), ADA, BOB, GROUP)
                .failures();

        assertThat(failures).isEmpty();
        assertThat(traffic.check()).isPositive();
    }
}

package dev.tidemark.reactions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.LoggedRequest;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.testsupport.ExchangeTraffic;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks configured addresses without a mailbox.
class DistributionGroupOverTheWireTest {
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");
    private static final MailboxAddress SALES = new MailboxAddress("sales@example.com");

    @TempDir
    private Path folder;

    private final ExchangeTraffic traffic = new ExchangeTraffic();
    private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-11-01T09:00:00Z"));
    private final SimulatedExchange exchange =
            SimulatedExchange.start(SimulatorConfig.defaults().withBodies(traffic::add), time);

    @AfterEach
    void close() {
        exchange.close();
        traffic.check();
    }

    @Test
    void a_distribution_group_is_called_one() {
        exchange.addDistributionGroup(SALES);
        var failed = refusal();
        assertThat(failed.code()).isEqualTo("MailboxIsDistributionGroup");
        assertThat(failed.text()).contains("sales@example.com is a distribution group", "name the mailboxes");
        // for a caller with a mailbox
        assertThat(exchange.requests())
                .filteredOn(request -> request.operation().equals("ResolveNames"))
                .extracting(LoggedRequest::mailbox)
                .allSatisfy(mailbox -> assertThat(mailbox).contains(ADA));
    }

    @Test
    void an_address_that_nobody_knows_stays_what_exchange_calls_it() {
        var failed = refusal();
        assertThat(failed.code()).isEqualTo("ErrorNonExistentMailbox");
        assertThat(failed.text()).contains("Correct the address in mailboxes");
    }

    private MailboxState.Failed refusal() {
        exchange.addMailbox(ADA);
        try (var core = new SteppedCore(folder, time, SteppedCore.at(exchange.url()), List.of(ADA, SALES))) {
            time.advance(Duration.ofSeconds(1));
            assertThat(core.mailbox(ADA).live()).isPresent();
            // the first request may have had no other mailbox for comparison
            core.request(SALES);
            time.advance(Duration.ofSeconds(1));
            assertThat(core.events("subscription.failed")).isNotEmpty();
            return (MailboxState.Failed) core.mailbox(SALES).state();
        }
    }
}

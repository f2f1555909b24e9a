package dev.tidemark.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.simulator.mailbox.MailboxServer;
import dev.tidemark.simulator.mailbox.RetentionLimits;
import dev.tidemark.simulator.mailbox.SimulatedMailbox;
import dev.tidemark.simulator.mailbox.SimulatorException;
import dev.tidemark.simulator.mailbox.SimulatorLedger;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServersTest {
    private final SimulatedOrganization organization = new SimulatedOrganization(
            7,
            MailboxServer.several(3),
            new SimulatedMailbox.Dependencies(
                    Clock.fixed(SimulatorTestBed.START, ZoneOffset.UTC),
                    new SimulatorLedger(Clock.systemUTC()),
                    new RetentionLimits(Duration.ofDays(30), 0),
                    mailbox -> {}));

    @Test
    void mailboxes_are_spread_evenly_and_stay_where_they_are() {
        var addresses = List.of("a@example.com", "b@example.com", "c@example.com", "d@example.com").stream()
                .map(MailboxAddress::new)
                .toList();
        addresses.forEach(organization::add);
        assertThat(addresses)
                .extracting(address -> organization.server(address).host())
                .containsExactly(
                        "ex01.simulated.example",
                        "ex02.simulated.example",
                        "ex03.simulated.example",
                        "ex01.simulated.example");
    }

    @Test
    void a_subscription_names_its_server() {
        var address = new MailboxAddress("a@example.com");
        var id = organization
                .ids(address)
                .subscription("ex03.simulated.example", organization.uuid(), SimulatorTestBed.START);
        assertThat(id.host()).contains("ex03.simulated.example");
    }

    @Test
    void there_are_one_to_ninety_nine() {
        assertThatThrownBy(() -> SimulatorConfig.defaults().withServers(100)).isInstanceOf(SimulatorException.class);
        assertThatThrownBy(() -> SimulatorConfig.defaults().withServers(0)).isInstanceOf(SimulatorException.class);
    }
}

package dev.tidemark.reactions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.fault.SimulatorFault;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.testsupport.ExchangeTraffic;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks twelve mailboxes whose account is suddenly refused after it had been accepted.
class ThrottledLoginOverTheWireTest {
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final List<MailboxAddress> ALL = IntStream.range(0, 12)
            .mapToObj(number -> new MailboxAddress("m" + number + "@example.com"))
            .toList();

    @TempDir
    private Path folder;

    private final ExchangeTraffic traffic = new ExchangeTraffic();
    private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-11-01T09:00:00Z"));
    private final SimulatedExchange exchange =
            SimulatedExchange.start(SimulatorConfig.defaults().withBodies(traffic::add), time);
    private Optional<SteppedCore> core = Optional.empty();

    @BeforeEach
    void subscribe() {
        ALL.forEach(exchange::addMailbox);
        core = Optional.of(new SteppedCore(folder, time, SteppedCore.at(exchange.url()), ALL));
        time.advance(MOMENT);
        assertThat(ALL)
                .allSatisfy(mailbox ->
                        assertThat(core.orElseThrow().mailbox(mailbox).live()).isPresent());
        exchange.faults().rate(SimulatorFault.UNAUTHORIZED, 1);
        ALL.forEach(mailbox -> core.orElseThrow().request(mailbox));
    }

    @AfterEach
    void close() {
        core.ifPresent(SteppedCore::close);
        exchange.close();
        traffic.check();
    }

    @Test
    void for_some_minutes_it_is_taken_for_a_way_to_say_busy() {
        time.advance(Duration.ofMinutes(5));
        // more frequent attempts might lock the account
        assertThat(exchange.faults().count(SimulatorFault.UNAUTHORIZED)).isBetween(3L, 9L);
        assertThat(core.orElseThrow().events("subscription.failed")).isEmpty();

        exchange.faults().clear();
        time.advance(Duration.ofMinutes(10));
        assertThat(core.orElseThrow().events("subscription.failed")).isEmpty();
        assertThat(ALL).allSatisfy(mailbox -> {
            assertThat(core.orElseThrow().mailbox(mailbox).due()).isEmpty();
            assertThat(exchange.requests())
                    .filteredOn(
                            request -> request.mailbox().filter(mailbox::equals).isPresent())
                    .hasSize(2);
        });
    }

    @Test
    void then_it_is_believed_and_a_person_called_and_not_every_mailbox_tries_the_password() {
        time.advance(Duration.ofMinutes(25));
        assertThat(core.orElseThrow().events("subscription.failed")).hasSize(ALL.size());
        assertThat(core.orElseThrow().mailbox(ALL.getFirst()).state())
                .isInstanceOfSatisfying(
                        MailboxState.Failed.class,
                        failed -> assertThat(failed.text()).contains("in the connection's auth"));
        assertThat(exchange.faults().count(SimulatorFault.UNAUTHORIZED)).isLessThan(20);

        exchange.faults().clear();
        time.advance(Duration.ofMinutes(11));
        assertThat(ALL)
                .allSatisfy(mailbox -> assertThat(
                                core.orElseThrow().mailbox(mailbox).state())
                        .isNotInstanceOf(MailboxState.Failed.class));
    }
}

package dev.tidemark.reactions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.fault.ScriptedError;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.testsupport.ExchangeTraffic;
import dev.tidemark.values.MailboxAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks HTTP statuses that one mailbox gets while its neighbor works, and that all get.
class RefusedMailboxOverTheWireTest {
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10).plusSeconds(10);
    private static final int NEIGHBORS = 50;
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");
    private static final MailboxAddress EVE = new MailboxAddress("eve@example.com");
    private static final MailboxAddress BOB = new MailboxAddress("bob@example.com");

    @TempDir
    private Path folder;

    private final ExchangeTraffic traffic = new ExchangeTraffic();
    private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-11-01T09:00:00Z"));
    private final SimulatedExchange exchange =
            SimulatedExchange.start(SimulatorConfig.defaults().withBodies(traffic::add), time);
    private Optional<SteppedCore> opened = Optional.empty();

    @AfterEach
    void close() {
        opened.ifPresent(SteppedCore::close);
        exchange.close();
        traffic.check();
    }

    @ParameterizedTest
    @CsvSource({"403, Set-CASMailbox -EwsEnabled", "404, repair EWS", "405, repair EWS", "410, repair EWS"})
    void a_mailbox_that_is_refused_fails_with_the_remedy_while_its_neighbor_works(int status, String remedy) {
        refuse(ADA, status, 100);
        var core = open(ADA, EVE);
        time.advance(MOMENT);
        for (var round = 0; round < 4; round++) {
            assertThat(core.mailbox(ADA).state())
                    .isInstanceOfSatisfying(
                            MailboxState.Failed.class,
                            failed -> assertThat(failed.text()).contains(remedy));
            assertThat(core.mailbox(EVE).live()).isPresent();
            core.request(EVE);
            time.advance(TEN_MINUTES);
        }
        assertNothingTold(core);
        assertThat(core.events("subscription.failed")).hasSize(1);
        // it is retried, but slowly
        assertThat(requests(ADA)).isBetween(4L, 6L);
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 500, 502})
    void two_that_are_refused_again_and_again_are_no_outage_while_a_third_was_served(int status) {
        refuse(ADA, status, 1000);
        refuse(EVE, status, 1000);
        var core = open(ADA, EVE, BOB);
        time.advance(Duration.ofMinutes(2));
        core.request(BOB);
        time.advance(MOMENT);
        var before = core.events("connection.unavailable").size();
        time.advance(Duration.ofHours(2));
        assertThat(core.events("connection.unavailable")).hasSize(before);
        assertThat(core.subscriber().connections().getFirst().isAvailable()).isTrue();
    }

    @Test
    void a_mailbox_whose_server_fails_is_no_outage() {
        refuse(ADA, 500, 1000);
        var core = open(ADA, EVE);
        for (var minute = 0; minute < 30; minute++) {
            time.advance(Duration.ofMinutes(1));
            core.request(EVE);
        }
        assertNothingTold(core);
    }

    @Test
    void a_front_end_that_cannot_reach_one_mailbox_is_no_outage() {
        exchange.faults().respondWith("Subscribe", ADA, repeated(404, Map.of("X-CasErrorCode", "UserNotFound"), 100));
        var core = open(ADA, EVE);
        time.advance(Duration.ofHours(1));
        assertThat(core.mailbox(ADA).state()).isInstanceOf(MailboxState.Failed.class);
        assertNothingTold(core);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404})
    void a_refusal_of_all_is_told_at_once_and_once(int status) {
        for (var mailbox : List.of(ADA, EVE, BOB)) {
            refuse(mailbox, status, 1000);
        }
        var core = open(ADA, EVE, BOB);
        time.advance(MOMENT);
        assertThat(core.events("connection.unavailable")).hasSize(1);
        time.advance(Duration.ofHours(1));
        assertThat(core.events("connection.unavailable")).hasSize(1);
        assertThat(core.events("connection.available")).isEmpty();
        assertThat(core.subscriber().connections().getFirst().remedy()).isPresent();
        exchange.faults().clear();
        time.advance(TEN_MINUTES);
        assertThat(core.events("connection.available")).hasSize(1);
        assertThat(core.mailbox(ADA).live()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void the_only_mailbox_speaks_for_the_connection_at_once(int status) {
        refuse(ADA, status, 1000);
        var core = open(ADA);
        time.advance(MOMENT);
        assertThat(core.events("connection.unavailable")).hasSize(1);
    }

    @Test
    void a_refused_mailbox_that_is_allowed_again_is_subscribed_within_ten_minutes() {
        refuse(ADA, 403, 2);
        var core = open(ADA, EVE);
        time.advance(MOMENT);
        assertThat(core.mailbox(ADA).state()).isInstanceOf(MailboxState.Failed.class);
        time.advance(TEN_MINUTES.multipliedBy(2));
        assertThat(core.mailbox(ADA).live()).isPresent();
        assertNothingTold(core);
    }

    @Test
    void a_401_of_the_first_mailbox_is_no_reason_to_spare_the_neighbor_its_own_try() {
        refuse(ADA, 401, 1000);
        var core = open(ADA, EVE);
        time.advance(Duration.ofMinutes(30));
        assertThat(core.mailbox(EVE).live()).isPresent();
        assertThat(core.mailbox(ADA).live()).isEmpty();
        assertThat(core.events("subscription.failed")).hasSize(1);
        assertNothingTold(core);
    }

    @Test
    void after_a_restart_the_refused_ones_are_no_outage_though_the_others_have_nothing_to_ask() {
        refuse(ADA, 403, 1000);
        refuse(EVE, 403, 1000);
        var core = open(ADA, EVE, BOB);
        time.advance(Duration.ofMinutes(1));
        core.request(BOB);
        time.advance(MOMENT);
        core.close();
        var again = open(ADA, EVE, BOB);
        var before = again.events("connection.unavailable").size();
        time.advance(Duration.ofHours(1));
        assertThat(again.events("connection.unavailable")).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 503})
    void neighbors_that_come_back_after_an_outage_do_not_ask_for_the_refused_one(int outage) {
        refuse(ADA, 403, 1000);
        var core = open(Stream.concat(Stream.of(ADA), neighbors()).toArray(MailboxAddress[]::new));
        time.advance(Duration.ofMinutes(2));
        neighbors().forEach(neighbor -> refuse(neighbor, outage, 1000));
        neighbors().forEach(core::request);
        time.advance(Duration.ofMinutes(5));
        exchange.faults().clear();
        refuse(ADA, 403, 1000);
        var before = requests(ADA);
        var served = served(core);
        time.advance(TEN_MINUTES.multipliedBy(2));
        assertThat(served(core) - served).isGreaterThanOrEqualTo(NEIGHBORS);
        // its own rechecks, and once after the outage
        assertThat(requests(ADA) - before).isBetween(2L, 3L);
    }

    @Test
    void all_that_an_outage_of_the_connection_failed_come_back_with_the_first_success() {
        var all = neighbors().toArray(MailboxAddress[]::new);
        List.of(all).forEach(neighbor -> refuse(neighbor, 403, 1000));
        var core = open(all);
        time.advance(Duration.ofMinutes(1));
        exchange.faults().clear();
        core.request(all[NEIGHBORS - 1]);
        time.advance(Duration.ofMinutes(1));
        assertThat(neighbors().map(core::mailbox))
                .allMatch(mailbox -> mailbox.live().isPresent());
    }

    private static Stream<MailboxAddress> neighbors() {
        return IntStream.range(0, NEIGHBORS).mapToObj(number -> new MailboxAddress("user" + number + "@example.com"));
    }

    private static long served(SteppedCore core) {
        return core.subscriber().counters().subscribed();
    }

    private void refuse(MailboxAddress mailbox, int status, int times) {
        exchange.faults().respondWith("Subscribe", mailbox, repeated(status, Map.of(), times));
    }

    private static ScriptedError[] repeated(int status, Map<String, String> headers, int times) {
        return Collections.nCopies(times, new ScriptedError.Http(status, headers))
                .toArray(ScriptedError[]::new);
    }

    private long requests(MailboxAddress mailbox) {
        return exchange.requests().stream()
                .filter(request -> request.mailbox().filter(mailbox::equals).isPresent())
                .count();
    }

    private SteppedCore open(MailboxAddress... mailboxes) {
        List.of(mailboxes).forEach(exchange::addMailbox);
        var core = new SteppedCore(folder, time, SteppedCore.at(exchange.url()), List.of(mailboxes));
        opened = Optional.of(core);
        return core;
    }

    private static void assertNothingTold(SteppedCore core) {
        assertThat(core.events("connection.unavailable")).isEmpty();
        assertThat(core.events("connection.available")).isEmpty();
    }
}

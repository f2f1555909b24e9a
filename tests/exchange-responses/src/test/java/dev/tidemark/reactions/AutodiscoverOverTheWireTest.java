package dev.tidemark.reactions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.simulator.LoggedRequest;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.fault.ScriptedError;
import dev.tidemark.simulator.schedule.ManualScheduler;
import dev.tidemark.store.MailboxLocationStore.MailboxLocation;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.testsupport.ExchangeTraffic;
import dev.tidemark.values.MailboxAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks a connection without an address. Of two simulated organizations, the first redirects to the
/// mailboxes. The daemon's core runs on a manual clock.
class AutodiscoverOverTheWireTest {
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration DAY = SteppedCore.DAY;
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");

    @TempDir
    private Path folder;

    private final ExchangeTraffic traffic = new ExchangeTraffic();
    private final ManualScheduler time = new ManualScheduler(Instant.parse("2026-11-01T09:00:00Z"));
    private final SimulatedExchange here =
            SimulatedExchange.start(SimulatorConfig.defaults().withBodies(traffic::add), time);
    private final SimulatedExchange redirectTarget =
            SimulatedExchange.start(SimulatorConfig.defaults().withBodies(traffic::add), time);
    private Optional<SteppedCore> core = Optional.empty();

    @AfterEach
    void close() {
        stop();
        here.close();
        redirectTarget.close();
        traffic.check();
    }

    @Test
    void mailboxes_are_asked_for_in_batches_and_once() {
        var all = IntStream.range(0, 8)
                .mapToObj(number -> new MailboxAddress("m" + number + "@example.com"))
                .toList();
        all.forEach(here::addMailbox);
        start(Optional.of(DAY), all.toArray(MailboxAddress[]::new));
        time.advance(MOMENT);
        assertThat(all)
                .allSatisfy(mailbox -> assertThat(mailbox(mailbox).live()).isPresent());
        assertThat(here.autodiscovery().requests()).hasSize(3).allMatch(users -> users.size() <= SteppedCore.BATCH);
        stop();
        start(Optional.of(DAY), all.toArray(MailboxAddress[]::new));
        request(all.getFirst());
        time.advance(MOMENT);
        assertThat(here.autodiscovery().requests()).hasSize(3);
    }

    @Test
    void a_mailbox_that_is_served_elsewhere_is_found_there() {
        subscribed(ADA);
        redirectTarget.addMailbox(ADA);
        here.autodiscovery().serve(ADA, redirectTarget.url(), "other");
        here.faults().respondWith("Subscribe", ADA, new ScriptedError.Message("ErrorWrongServerVersion"));
        request(ADA);
        time.advance(MOMENT.multipliedBy(3));
        assertThat(requests(redirectTarget))
                .first()
                .extracting(LoggedRequest::operation)
                .isEqualTo("Subscribe");
        assertThat(here.autodiscovery().requests()).hasSize(2);
        assertThat(place().url()).isEqualTo(redirectTarget.url());
        assertThat(place().grouping()).contains("other");
        assertThat(events("mailbox.relocated")).hasSize(1);
    }

    @Test
    void a_mailbox_that_is_said_not_to_exist_may_only_have_moved() {
        subscribed(ADA);
        redirectTarget.addMailbox(ADA);
        here.autodiscovery().serve(ADA, redirectTarget.url(), "other");
        here.removeMailbox(ADA);
        request(ADA);
        time.advance(MOMENT.multipliedBy(3));
        assertThat(requests(redirectTarget)).isNotEmpty();
        assertThat(events("subscription.failed")).isEmpty();
    }

    @Test
    void one_that_does_not_exist_anywhere_is_given_up() {
        subscribed(ADA);
        here.removeMailbox(ADA);
        request(ADA);
        time.advance(MOMENT.multipliedBy(3));
        assertThat(mailbox(ADA).state()).isInstanceOf(MailboxState.Failed.class);
        assertThat(events("subscription.failed")).hasSize(1);
    }

    @Test
    void credentials_go_nowhere_else_and_somebody_is_told() {
        here.addMailbox(ADA);
        here.autodiscovery().redirect(ADA, URI.create("https://elsewhere.example/autodiscover.svc"));
        start(Optional.of(DAY), ADA);
        time.advance(MOMENT);
        assertThat(events("mailbox.relocated"))
                .singleElement()
                .extracting(JournalEvent::data)
                .satisfies(data -> assertThat(((EventData.Lifecycle) data).fields())
                        .containsEntry("host", "elsewhere.example")
                        .containsEntry("followed", false)
                        .containsEntry("supported", false)
                        .hasEntrySatisfying(
                                "reason",
                                reason -> assertThat(String.valueOf(reason))
                                        .contains("elsewhere.example", "allowed-hosts")));
        assertThat(mailbox(ADA).state())
                .isInstanceOfSatisfying(
                        MailboxState.Failed.class,
                        failed -> assertThat(failed.text()).contains("allowed-hosts"));
        assertThat(requests(here)).isEmpty();
    }

    @Test
    void answers_are_refreshed_when_they_are_a_day_old() {
        subscribed(ADA);
        redirectTarget.addMailbox(ADA);
        here.autodiscovery().serve(ADA, redirectTarget.url(), "other");
        time.advance(DAY.minus(Duration.ofMinutes(20)));
        assertThat(here.autodiscovery().requests()).hasSize(1);
        time.advance(Duration.ofMinutes(40));
        assertThat(here.autodiscovery().requests()).hasSize(2);
        assertThat(place().url()).isEqualTo(redirectTarget.url());
        assertThat(requests(redirectTarget)).isNotEmpty();
    }

    @Test
    void answers_that_may_stay_are_not_refreshed() {
        here.addMailbox(ADA);
        start(Optional.empty(), ADA);
        time.advance(DAY.multipliedBy(2));
        assertThat(here.autodiscovery().requests()).hasSize(1);
    }

    @Test
    void a_busy_autodiscover_is_left_alone_for_as_long_as_it_says() {
        here.addMailbox(ADA);
        here.autodiscovery().respond(new ScriptedError.Http(503, Map.of("Retry-After", "60")));
        start(Optional.of(DAY), ADA);
        time.advance(Duration.ofSeconds(59));
        assertThat(here.autodiscovery().requests()).hasSize(1);
        time.advance(Duration.ofSeconds(15));
        assertThat(here.autodiscovery().requests()).hasSize(2);
        assertThat(mailbox(ADA).live()).isPresent();
    }

    private void subscribed(MailboxAddress mailbox) {
        here.addMailbox(mailbox);
        start(Optional.of(DAY), mailbox);
        time.advance(MOMENT);
        assertThat(mailbox(mailbox).live()).isPresent();
    }

    private void start(Optional<Duration> refresh, MailboxAddress... mailboxes) {
        core = Optional.of(new SteppedCore(
                folder, time, SteppedCore.discoveredBy(here.autodiscoverUrl(), refresh), List.of(mailboxes)));
    }

    private void stop() {
        core.ifPresent(SteppedCore::close);
        core = Optional.empty();
    }

    private void request(MailboxAddress mailbox) {
        core.orElseThrow().request(mailbox);
    }

    private Mailbox mailbox(MailboxAddress address) {
        return core.orElseThrow().mailbox(address);
    }

    private MailboxLocation place() {
        return core.orElseThrow().store().locations().find(mailbox(ADA).id()).orElseThrow();
    }

    private List<JournalEvent> events(String type) {
        return core.orElseThrow().events(type);
    }

    private static List<LoggedRequest> requests(SimulatedExchange exchange) {
        return exchange.requests();
    }
}

package dev.tidemark.reactions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.compensator.CompensatorConfig;
import dev.tidemark.compensator.FallbackConfig;
import dev.tidemark.compensator.SteppedCompensator;
import dev.tidemark.ews.Autodiscover;
import dev.tidemark.ews.AutodiscoverConfig;
import dev.tidemark.ews.ChangeKind;
import dev.tidemark.ews.ConnectionConfig;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.ews.FolderRef;
import dev.tidemark.ews.HttpEwsClient;
import dev.tidemark.ews.MailboxAddress;
import dev.tidemark.simulator.Asked;
import dev.tidemark.simulator.ManualTimetable;
import dev.tidemark.simulator.SimulatedExchange;
import dev.tidemark.simulator.SimulatorConfig;
import dev.tidemark.simulator.Trouble;
import dev.tidemark.subscriber.ConnectionLimits;
import dev.tidemark.subscriber.DiscoveringClient;
import dev.tidemark.subscriber.Discovery;
import dev.tidemark.subscriber.GroupPlan;
import dev.tidemark.subscriber.Subscriber;
import dev.tidemark.subscriber.SubscriberConfig;
import dev.tidemark.watermark.Compensation;
import dev.tidemark.watermark.EventData;
import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.Mailbox;
import dev.tidemark.watermark.MailboxState;
import dev.tidemark.watermark.Membership;
import dev.tidemark.watermark.Position;
import dev.tidemark.watermark.StoreConfig;
import dev.tidemark.watermark.Stores;
import dev.tidemark.watermark.SubscribeReason;
import dev.tidemark.watermark.WatermarkStore;
import dev.tidemark.watermark.Whereabouts.Place;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A connection without an address: two simulated organisations, of which the first says where mailboxes
/// are, and the daemon's core on a clock that is moved by hand.
class AutodiscoverOverTheWireTest {
    private static final Duration MOMENT = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MARGIN = Duration.ofMinutes(15);
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");
    private static final int BATCH = 3;

    @TempDir
    private Path folder;

    private final ManualTimetable time = new ManualTimetable(Instant.parse("2026-11-01T09:00:00Z"));
    private final SimulatedExchange here = SimulatedExchange.start(SimulatorConfig.defaults(), time);
    private final SimulatedExchange there = SimulatedExchange.start(SimulatorConfig.defaults(), time);
    private Optional<EwsClient> client = Optional.empty();
    private Optional<WatermarkStore> store = Optional.empty();
    private Optional<Compensator> compensator = Optional.empty();

    @AfterEach
    void close() {
        stop();
        here.close();
        there.close();
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
        assertThat(here.autodiscovery().asked()).hasSize(3).allMatch(users -> users.size() <= BATCH);
        stop();
        start(Optional.of(DAY), all.toArray(MailboxAddress[]::new));
        ask(all.getFirst());
        time.advance(MOMENT);
        assertThat(here.autodiscovery().asked()).hasSize(3);
    }

    @Test
    void a_mailbox_that_is_served_elsewhere_is_found_there() {
        subscribed(ADA);
        there.addMailbox(ADA);
        here.autodiscovery().serve(ADA, there.url(), "other");
        here.faults().answer("Subscribe", ADA, new Trouble.Message("ErrorWrongServerVersion"));
        ask(ADA);
        time.advance(MOMENT.multipliedBy(3));
        assertThat(requests(there)).first().extracting(Asked::operation).isEqualTo("Subscribe");
        assertThat(here.autodiscovery().asked()).hasSize(2);
        assertThat(place().url()).isEqualTo(there.url());
        assertThat(place().grouping()).contains("other");
        assertThat(events("mailbox.relocated")).hasSize(1);
    }

    @Test
    void a_mailbox_that_is_said_not_to_exist_may_only_have_moved() {
        subscribed(ADA);
        there.addMailbox(ADA);
        here.autodiscovery().serve(ADA, there.url(), "other");
        here.removeMailbox(ADA);
        ask(ADA);
        time.advance(MOMENT.multipliedBy(3));
        assertThat(requests(there)).isNotEmpty();
        assertThat(events("subscription.failed")).isEmpty();
    }

    @Test
    void one_that_does_not_exist_anywhere_is_given_up() {
        subscribed(ADA);
        here.removeMailbox(ADA);
        ask(ADA);
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
                        .containsEntry("followed", false));
        assertThat(mailbox(ADA).state())
                .isInstanceOfSatisfying(
                        MailboxState.Failed.class,
                        failed -> assertThat(failed.text()).contains("allowed-hosts"));
        assertThat(requests(here)).isEmpty();
    }

    @Test
    void answers_are_refreshed_when_they_are_a_day_old() {
        subscribed(ADA);
        there.addMailbox(ADA);
        here.autodiscovery().serve(ADA, there.url(), "other");
        time.advance(DAY.minus(Duration.ofMinutes(20)));
        assertThat(here.autodiscovery().asked()).hasSize(1);
        time.advance(Duration.ofMinutes(40));
        assertThat(here.autodiscovery().asked()).hasSize(2);
        assertThat(place().url()).isEqualTo(there.url());
        assertThat(requests(there)).isNotEmpty();
    }

    @Test
    void answers_that_may_stay_are_not_refreshed() {
        here.addMailbox(ADA);
        start(Optional.empty(), ADA);
        time.advance(DAY.multipliedBy(2));
        assertThat(here.autodiscovery().asked()).hasSize(1);
    }

    @Test
    void a_busy_autodiscover_is_left_alone_for_as_long_as_it_says() {
        here.addMailbox(ADA);
        here.autodiscovery().answer(new Trouble.Http(503, Map.of("Retry-After", "60")));
        start(Optional.of(DAY), ADA);
        time.advance(Duration.ofSeconds(59));
        assertThat(here.autodiscovery().asked()).hasSize(1);
        time.advance(Duration.ofSeconds(15));
        assertThat(here.autodiscovery().asked()).hasSize(2);
        assertThat(mailbox(ADA).live()).isPresent();
    }

    private void subscribed(MailboxAddress mailbox) {
        here.addMailbox(mailbox);
        start(Optional.of(DAY), mailbox);
        time.advance(MOMENT);
        assertThat(mailbox(mailbox).live()).isPresent();
    }

    private void start(Optional<Duration> refresh, MailboxAddress... mailboxes) {
        var opened = Stores.open(
                new StoreConfig("jdbc:h2:file:" + folder.resolve("tidemark"), "sa", "", "gw1", true, 0, MARGIN),
                time.clock());
        opened.mailboxes()
                .enrolAll(List.of(mailboxes).stream()
                        .collect(Collectors.toMap(Function.identity(), ignored -> new Membership("inboxes", false))));
        store = Optional.of(opened);
        var discovery = new Discovery(
                new Discovery.Settings("onprem", Set.of("inboxes"), refresh, BATCH),
                new Autodiscover(
                        new AutodiscoverConfig(connection(), List.of(), false),
                        service -> HttpEwsClient.connect(service, time.clock())),
                opened,
                time.clock());
        var discovering = new DiscoveringClient(
                discovery, url -> HttpEwsClient.connect(connection().at(url), time.clock()));
        client = Optional.of(discovering);
        var subscriber = new Subscriber(
                config(),
                Map.of("onprem", discovering),
                opened,
                (attempt, group) -> URI.create("http://127.0.0.1:1/" + attempt.mailbox() + "/" + attempt.number()),
                time.clock());
        compensator = Optional.of(SteppedCompensator.start(
                compensation(),
                subscriber,
                opened,
                time.clock(),
                (delay, work) -> time.at(time.clock().instant().plus(delay), work)));
    }

    private void stop() {
        compensator.ifPresent(Compensator::close);
        client.ifPresent(EwsClient::close);
        store.ifPresent(WatermarkStore::close);
        compensator = Optional.empty();
        client = Optional.empty();
        store = Optional.empty();
    }

    private ConnectionConfig connection() {
        return new ConnectionConfig(
                "onprem",
                here.autodiscoverUrl(),
                "Exchange2013_SP1",
                new ConnectionConfig.Auth.None(),
                true,
                Duration.ofSeconds(30),
                4);
    }

    private static SubscriberConfig config() {
        var plan = new GroupPlan(
                "inboxes",
                "onprem",
                List.of(new FolderRef.Distinguished("inbox")),
                Set.of(ChangeKind.NEW_MAIL),
                DAY,
                URI.create("http://127.0.0.1"));
        return new SubscriberConfig(
                List.of(plan),
                Map.of("onprem", new ConnectionLimits(4, 0)),
                Duration.ofDays(30),
                MARGIN,
                Duration.ofDays(7));
    }

    private static CompensatorConfig compensation() {
        return new CompensatorConfig(
                2.0,
                Duration.ofSeconds(90),
                Optional.of(Duration.ofDays(20)),
                Optional.of(Duration.ofDays(20)),
                Duration.ofMinutes(1),
                Duration.ofDays(30),
                1000,
                Duration.ofHours(6),
                false,
                new CompensatorConfig.Retention(Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(30)),
                FallbackConfig.NONE);
    }

    private void ask(MailboxAddress mailbox) {
        var id = mailbox(mailbox).id();
        var now = time.clock().instant();
        opened().subscriptions().owe(id, new Compensation(SubscribeReason.OPERATOR, now, false, "asked"));
        compensator.ifPresent(each -> each.raise(id));
    }

    private WatermarkStore opened() {
        return store.orElseThrow();
    }

    private Mailbox mailbox(MailboxAddress address) {
        return opened().mailboxes().find(address).orElseThrow();
    }

    private Place place() {
        return opened().whereabouts().find(mailbox(ADA).id()).orElseThrow();
    }

    private List<JournalEvent> events(String type) {
        return opened().journal().read(Position.START, 1000).stream()
                .filter(event -> event.type().equals(type))
                .toList();
    }

    private static List<Asked> requests(SimulatedExchange exchange) {
        return exchange.requests();
    }
}

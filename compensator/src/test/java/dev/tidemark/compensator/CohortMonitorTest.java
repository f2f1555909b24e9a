package dev.tidemark.compensator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.testsupport.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tests servers that fall silent, and servers that are only quiet.
class CohortMonitorTest {
    private static final Instant START = Instant.parse("2026-11-02T09:00:00Z");
    private static final String ONE = "ex01.example.com";
    private static final String TWO = "ex02.example.com";
    private static final String THREE = "ex03.example.com";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock(START);
    private final CohortSilenceRegistry silenceRegistry = new CohortSilenceRegistry();
    private final List<MailboxId> triggered = new ArrayList<>();
    private final Random random = new Random(5);
    private WatermarkStore store;
    private ServerFarm farm;
    private CohortMonitor monitor;
    private boolean exchangeGrants = true;

    @BeforeEach
    void open() {
        store = StoreFactory.open(
                new StoreConfig(
                        "jdbc:h2:file:" + folder.resolve("tidemark"), "sa", "", "gw1", true, 0, Duration.ofMinutes(15)),
                clock);
        farm = new ServerFarm(store, clock);
        var collector = new CohortEvidenceCollector(
                store, ignored -> Optional.of(ServerFarm.STATUS_FREQUENCY), Duration.ofSeconds(90));
        monitor = new CohortMonitor(store, collector, silenceRegistry, triggered::add);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void a_restarted_server_is_noticed_within_150_seconds_and_the_others_are_left_alone() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        var rest = twoServers(10);
        concat(first, rest).forEach(this::spreadHeartbeat);
        run(300, 2, concat(first, rest));
        farm.restart(ONE);
        var noticed = secondsUntilSilent(first, 2, concat(first, rest));

        assertThat(noticed).isBetween(60, 149);
        assertThat(triggered).containsExactlyInAnyOrderElementsOf(concat(first, first.subList(0, 0)));
        assertThat(triggered).doesNotContainAnyElementsOf(rest);
    }

    @Test
    void a_server_whose_mail_stops_with_it_is_noticed_by_the_others_continuing() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        var rest = twoServers(10);
        concat(first, rest).forEach(this::spreadHeartbeat);
        run(300, 1, concat(first, rest));
        farm.restart(ONE);
        assertThat(secondsUntilSilent(first, 1, rest)).isBetween(60, 149);
        assertThat(triggered).doesNotContainAnyElementsOf(rest);
    }

    @Test
    void the_only_server_is_noticed_by_the_events_of_one_new_subscription() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        first.forEach(this::spreadHeartbeat);
        run(300, 2, first);
        farm.restart(ONE);
        assertThat(secondsUntilSilent(first, 2, first)).isBetween(60, 149);
    }

    @Test
    void a_quiet_night_resubscribes_only_the_trials_and_soon_no_mailbox() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        var all = concat(first, twoServers(10));
        all.forEach(this::spreadHeartbeat);
        run(1200, 1, all);
        // from one second to the next only heartbeats come, for eight hours
        run(8 * 3600, Integer.MAX_VALUE, all);

        assertThat(all).allMatch(id -> silentAt(id).isEmpty());
        assertThat(triggered).as("tried").hasSizeLessThan(20);
    }

    @Test
    void one_quiet_mailbox_among_others_starts_no_trial() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        first.forEach(this::spreadHeartbeat);
        run(3600, 5, first.subList(1, 10));
        assertThat(triggered).isEmpty();
    }

    @Test
    void one_busy_mailbox_that_goes_home_starts_no_trial() {
        var first = farm.server(ONE, "192.0.2.1", 4);
        first.forEach(this::spreadHeartbeat);
        run(1800, 1, first.subList(0, 1));
        run(1800, Integer.MAX_VALUE, first);
        assertThat(triggered).isEmpty();
    }

    @Test
    void two_servers_behind_one_address_are_evaluated_separately() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        var second = farm.server(TWO, "192.0.2.1", 10);
        concat(first, second).forEach(this::spreadHeartbeat);
        run(300, 2, concat(first, second));
        farm.restart(ONE);
        assertThat(secondsUntilSilent(first, 2, concat(first, second))).isBetween(60, 149);
        assertThat(triggered).doesNotContainAnyElementsOf(second);
    }

    @Test
    void mailboxes_of_two_servers_that_cannot_be_distinguished_are_not_suspected_while_one_of_them_calls() {
        var first = farm.server("~", "192.0.2.1", 10);
        var second = farm.server("~~", "192.0.2.1", 10);
        concat(first, second).forEach(this::spreadHeartbeat);
        run(300, 2, concat(first, second));
        farm.restart("~");
        run(300, 2, concat(first, second));
        assertThat(triggered).isEmpty();
    }

    @Test
    void as_long_as_exchange_grants_nothing_the_others_wait() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        first.forEach(this::spreadHeartbeat);
        run(300, 2, first);
        farm.restart(ONE);
        exchangeGrants = false;
        run(900, 2, first);
        assertThat(triggered).hasSize(1);
        assertThat(first).allMatch(id -> silentAt(id).isEmpty());
        exchangeGrants = true;
        farm.subscribe(triggered.getFirst(), SubscribeReason.SILENCE);
        run(10, 2, first);
        assertThat(first).filteredOn(id -> silentAt(id).isPresent()).hasSize(9);
    }

    @Test
    void a_silence_without_a_working_listener_counts_against_no_server() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        first.forEach(this::spreadHeartbeat);
        run(300, 2, first);
        for (var i = 0; i < 300; i++) {
            clock.advance(Duration.ofSeconds(1));
            monitor.check(clock.instant(), false);
        }
        run(30, Integer.MAX_VALUE, first);
        // the machine sleeps
        clock.advance(Duration.ofHours(1));
        run(50, Integer.MAX_VALUE, List.of());
        assertThat(triggered).isEmpty();
    }

    @Test
    void a_mailbox_that_calls_back_or_is_resubscribed_no_longer_counts_as_silent() {
        var first = farm.server(ONE, "192.0.2.1", 2);
        clock.advance(Duration.ofSeconds(1));
        first.forEach(id -> silenceRegistry.add(id, clock.instant()));
        assertThat(silentAt(first.getFirst())).contains(clock.instant());
        clock.advance(Duration.ofSeconds(1));
        farm.mail(first.getFirst());
        farm.subscribe(first.getLast(), SubscribeReason.SILENCE);
        assertThat(first).allMatch(id -> silentAt(id).isEmpty());
    }

    private List<MailboxId> twoServers(int mailboxes) {
        return concat(farm.server(TWO, "192.0.2.2", mailboxes), farm.server(THREE, "192.0.2.3", mailboxes));
    }

    private static List<MailboxId> concat(List<MailboxId> some, List<MailboxId> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private void spreadHeartbeat(MailboxId id) {
        farm.moveLastCallback(id, Duration.ofSeconds(random.nextInt(1800)));
    }

    private Optional<Instant> silentAt(MailboxId id) {
        return silenceRegistry.silentAt(store.mailboxes().find(id).orElseThrow());
    }

    private int secondsUntilSilent(List<MailboxId> mailboxes, int every, List<MailboxId> receiving) {
        for (var seconds = 0; seconds < 600; seconds++) {
            run(1, every, receiving);
            if (mailboxes.stream().anyMatch(id -> silentAt(id).isPresent())) {
                return seconds;
            }
        }
        return 600;
    }

    /// Lets seconds pass; a mailbox receives a mail in each `every`-th one.
    private void run(int seconds, int every, List<MailboxId> receiving) {
        for (var i = 1; i <= seconds; i++) {
            clock.advance(Duration.ofSeconds(1));
            if (!receiving.isEmpty() && clock.instant().getEpochSecond() % every == 0) {
                farm.mail(receiving.get(random.nextInt(receiving.size())));
            }
            farm.heartbeats();
            monitor.check(clock.instant(), true);
            subscribePending();
        }
    }

    /// Subscribes each mailbox with a pending compensation, unless Exchange is away.
    private void subscribePending() {
        if (exchangeGrants) {
            triggered.stream()
                    .distinct()
                    .filter(id -> store.mailboxes()
                            .find(id)
                            .flatMap(mailbox -> mailbox.due())
                            .map(PendingCompensation::reason)
                            .isPresent())
                    .forEach(id -> farm.subscribe(id, SubscribeReason.SILENCE));
        }
    }
}

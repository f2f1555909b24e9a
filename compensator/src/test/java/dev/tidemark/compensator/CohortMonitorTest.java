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

/// Servers that fall silent, and those that only seem to.
class CohortMonitorTest {
    private static final Instant START = Instant.parse("2026-11-02T09:00:00Z");
    private static final String ONE = "ex01.example.com";
    private static final String TWO = "ex02.example.com";
    private static final String THREE = "ex03.example.com";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock(START);
    private final CohortSilenceRegistry condemned = new CohortSilenceRegistry();
    private final List<MailboxId> raised = new ArrayList<>();
    private final Random random = new Random(5);
    private WatermarkStore store;
    private ServerFarm farm;
    private CohortMonitor cohorts;
    private boolean grants = true;

    @BeforeEach
    void open() {
        store = StoreFactory.open(
                new StoreConfig(
                        "jdbc:h2:file:" + folder.resolve("tidemark"), "sa", "", "gw1", true, 0, Duration.ofMinutes(15)),
                clock);
        farm = new ServerFarm(store, clock);
        var inquiry = new CohortEvidenceCollector(
                store, ignored -> Optional.of(ServerFarm.STATUS_FREQUENCY), Duration.ofSeconds(90));
        cohorts = new CohortMonitor(store, inquiry, condemned, raised::add);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void a_restarted_server_is_noticed_within_150_seconds_and_the_others_are_left_alone() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        var rest = two(10);
        all(first, rest).forEach(this::scatter);
        run(300, 2, all(first, rest));
        farm.restart(ONE);
        var noticed = secondsUntilCondemned(first, 2, all(first, rest));

        assertThat(noticed).isBetween(60, 149);
        assertThat(raised).containsExactlyInAnyOrderElementsOf(all(first, first.subList(0, 0)));
        assertThat(raised).doesNotContainAnyElementsOf(rest);
    }

    @Test
    void a_server_whose_mail_stops_with_it_is_noticed_by_the_others_going_on() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        var rest = two(10);
        all(first, rest).forEach(this::scatter);
        run(300, 1, all(first, rest));
        farm.restart(ONE);
        assertThat(secondsUntilCondemned(first, 1, rest)).isBetween(60, 149);
        assertThat(raised).doesNotContainAnyElementsOf(rest);
    }

    @Test
    void the_only_server_is_noticed_by_what_one_new_subscription_tells() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        first.forEach(this::scatter);
        run(300, 2, first);
        farm.restart(ONE);
        assertThat(secondsUntilCondemned(first, 2, first)).isBetween(60, 149);
    }

    @Test
    void a_quiet_night_subscribes_nobody_but_those_tried_and_soon_not_even_them() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        var all = all(first, two(10));
        all.forEach(this::scatter);
        run(1200, 1, all);
        // from one second to the next: heartbeats only, for eight hours
        run(8 * 3600, Integer.MAX_VALUE, all);

        assertThat(all).allMatch(id -> condemnedAt(id).isEmpty());
        assertThat(raised).as("tried").hasSizeLessThan(20);
    }

    @Test
    void one_quiet_mailbox_among_others_is_nobodys_business() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        first.forEach(this::scatter);
        run(3600, 5, first.subList(1, 10));
        assertThat(raised).isEmpty();
    }

    @Test
    void one_busy_mailbox_that_goes_home_is_nobodys_business() {
        var first = farm.server(ONE, "192.0.2.1", 4);
        first.forEach(this::scatter);
        run(1800, 1, first.subList(0, 1));
        run(1800, Integer.MAX_VALUE, first);
        assertThat(raised).isEmpty();
    }

    @Test
    void two_servers_behind_one_address_are_judged_apart() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        var second = farm.server(TWO, "192.0.2.1", 10);
        all(first, second).forEach(this::scatter);
        run(300, 2, all(first, second));
        farm.restart(ONE);
        assertThat(secondsUntilCondemned(first, 2, all(first, second))).isBetween(60, 149);
        assertThat(raised).doesNotContainAnyElementsOf(second);
    }

    @Test
    void mailboxes_of_two_servers_that_cannot_be_told_apart_are_not_suspected_while_one_of_them_calls() {
        var first = farm.server("~", "192.0.2.1", 10);
        var second = farm.server("~~", "192.0.2.1", 10);
        all(first, second).forEach(this::scatter);
        run(300, 2, all(first, second));
        farm.restart("~");
        run(300, 2, all(first, second));
        assertThat(raised).isEmpty();
    }

    @Test
    void as_long_as_exchange_grants_nothing_the_others_wait() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        first.forEach(this::scatter);
        run(300, 2, first);
        farm.restart(ONE);
        grants = false;
        run(900, 2, first);
        assertThat(raised).hasSize(1);
        assertThat(first).allMatch(id -> condemnedAt(id).isEmpty());
        grants = true;
        farm.subscribe(raised.getFirst(), SubscribeReason.SILENCE);
        run(10, 2, first);
        assertThat(first).filteredOn(id -> condemnedAt(id).isPresent()).hasSize(9);
    }

    @Test
    void nobody_is_blamed_for_what_could_not_be_heard() {
        var first = farm.server(ONE, "192.0.2.1", 10);
        first.forEach(this::scatter);
        run(300, 2, first);
        for (var i = 0; i < 300; i++) {
            clock.advance(Duration.ofSeconds(1));
            cohorts.look(clock.instant(), false);
        }
        run(30, Integer.MAX_VALUE, first);
        // the machine sleeps
        clock.advance(Duration.ofHours(1));
        run(50, Integer.MAX_VALUE, List.of());
        assertThat(raised).isEmpty();
    }

    @Test
    void whoever_is_heard_of_or_subscribed_anew_is_no_longer_taken_for_silent() {
        var first = farm.server(ONE, "192.0.2.1", 2);
        clock.advance(Duration.ofSeconds(1));
        first.forEach(id -> condemned.add(id, clock.instant()));
        assertThat(condemnedAt(first.getFirst())).contains(clock.instant());
        clock.advance(Duration.ofSeconds(1));
        farm.mail(first.getFirst());
        farm.subscribe(first.getLast(), SubscribeReason.SILENCE);
        assertThat(first).allMatch(id -> condemnedAt(id).isEmpty());
    }

    private List<MailboxId> two(int mailboxes) {
        return all(farm.server(TWO, "192.0.2.2", mailboxes), farm.server(THREE, "192.0.2.3", mailboxes));
    }

    private static List<MailboxId> all(List<MailboxId> some, List<MailboxId> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private void scatter(MailboxId id) {
        farm.heardBefore(id, Duration.ofSeconds(random.nextInt(1800)));
    }

    private Optional<Instant> condemnedAt(MailboxId id) {
        return condemned.silentAt(store.mailboxes().find(id).orElseThrow());
    }

    private int secondsUntilCondemned(List<MailboxId> mailboxes, int every, List<MailboxId> receiving) {
        for (var seconds = 0; seconds < 600; seconds++) {
            run(1, every, receiving);
            if (mailboxes.stream().anyMatch(id -> condemnedAt(id).isPresent())) {
                return seconds;
            }
        }
        return 600;
    }

    /// Seconds that pass, in each `every`-th of which somebody gets a mail.
    private void run(int seconds, int every, List<MailboxId> receiving) {
        for (var i = 1; i <= seconds; i++) {
            clock.advance(Duration.ofSeconds(1));
            if (!receiving.isEmpty() && clock.instant().getEpochSecond() % every == 0) {
                farm.mail(receiving.get(random.nextInt(receiving.size())));
            }
            farm.heartbeats();
            cohorts.look(clock.instant(), true);
            answerTrials();
        }
    }

    /// Exchange subscribes whoever owes it, unless it is away.
    private void answerTrials() {
        if (grants) {
            raised.stream()
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

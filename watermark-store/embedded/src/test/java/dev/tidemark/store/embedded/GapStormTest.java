package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.ExchangeNotifications;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.SubscribeResult;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that many gaps on one connection count as one fault of the connection, not of its mailboxes.
final class GapStormTest {
    private static final int MAILBOXES = 120;
    private static final String GAP = "mailbox.gap.detected";

    /// minimum number of gaps in a storm
    private static final int MIN_GAPS = 50;
    /// period in which gaps are counted
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final SettableClock clock = new SettableClock();
    private final List<AttemptId> attempts = new ArrayList<>();

    @TempDir
    Path folder;

    private SimulatedHome home;
    private EmbeddedStore store;

    @BeforeEach
    void subscribe() {
        home = new SimulatedHome(folder);
        store = open();
        for (var number = 0; number < MAILBOXES; number++) {
            var group = number < MAILBOXES - 1 ? "north-inboxes" : "south-inboxes";
            attempts.add(subscribed("box" + number + "@example.com", group));
        }
        attempts.forEach(attempt -> record(attempt, ExchangeNotifications.notification("s1", "w0", mail(attempt, 1))));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private EmbeddedStore open() {
        return home.open(new EmbeddedStore.Dependencies(
                clock, new SecureRandom(), Duration.ofDays(1), new FolderNameCache(), group -> group.split("-", 2)[0]));
    }

    private AttemptId subscribed(String address, String group) {
        var box = store.mailboxes().enrol(new MailboxAddress(address), new GroupMembership(group, false));
        var attempt = store.subscriptions().begin(box.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        var response = new SubscribeResult(
                ExchangeNotifications.subscription("s1"), Optional.of(ExchangeNotifications.mark("w0")));
        store.subscriptions().confirm(attempt, response, Optional.empty());
        return attempt;
    }

    private MailboxEvent mail(AttemptId attempt, int number) {
        return ExchangeNotifications.mail(attempt.mailbox() + "-m" + number, "w" + number, clock.instant());
    }

    private IntakeOutcome record(AttemptId attempt, NotificationMessage message) {
        return store.intake()
                .record(List.of(
                        new VerifiedCallback(attempt, ExchangeNotifications.body(message), clock.instant(), "")))
                .getFirst();
    }

    /// Records a notification whose predecessor was lost.
    private IntakeOutcome gap(int mailbox) {
        var attempt = attempts.get(mailbox);
        return record(attempt, ExchangeNotifications.notification("s1", "w2", mail(attempt, 3)));
    }

    private void storm() {
        IntStream.range(0, MAILBOXES - 1).forEach(this::gap);
    }

    private long gapEvents() {
        return store.journal().read(JournalPosition.START, 10_000).stream()
                .filter(event -> event.type().equals(GAP))
                .count();
    }

    private long due() {
        return store.mailboxes().all().stream()
                .filter(it -> it.due().isPresent())
                .count();
    }

    @Test
    void few_gaps_are_reported_and_compensated_at_any_share() {
        IntStream.range(0, MIN_GAPS - 1).forEach(this::gap);
        assertThat(gapEvents()).isEqualTo(MIN_GAPS - 1);
        assertThat(due()).isEqualTo(MIN_GAPS - 1);
    }

    @Test
    void in_a_storm_gaps_are_counted_and_nothing_else() {
        storm();
        assertThat(gap(MAILBOXES - 2)).isInstanceOf(IntakeOutcome.Repeated.class);
        assertThat(gapEvents()).isEqualTo(MIN_GAPS - 1);
        assertThat(due()).isEqualTo(MIN_GAPS - 1);
        assertThat(store.mailboxes()
                        .find(attempts.get(100).mailbox())
                        .orElseThrow()
                        .watermark()
                        .orElseThrow()
                        .value())
                .isEqualTo(ExchangeNotifications.mark("w1"));
    }

    @Test
    void another_connection_has_no_storm() {
        storm();
        assertThat(gap(MAILBOXES - 1)).isEqualTo(new IntakeOutcome.Gap(1, 0, true));
        assertThat(store.mailboxes()
                        .find(attempts.getLast().mailbox())
                        .orElseThrow()
                        .due())
                .isPresent();
    }

    @Test
    void many_notifications_make_the_same_gaps_no_storm() {
        for (var round = 0; round < 12; round++) {
            for (var attempt : attempts) {
                var from = 1 + round;
                record(attempt, ExchangeNotifications.notification("s1", "w" + from, mail(attempt, from + 1)));
            }
        }
        IntStream.range(0, 70).forEach(mailbox -> {
            var attempt = attempts.get(mailbox);
            record(attempt, ExchangeNotifications.notification("s1", "w20", mail(attempt, 21)));
        });
        assertThat(gapEvents()).isEqualTo(70);
    }

    @Test
    void when_it_is_over_every_mailbox_is_resubscribed() {
        storm();
        store.saveHeartbeats();
        assertThat(due()).isEqualTo(MIN_GAPS - 1);
        clock.advance(WINDOW.plusSeconds(30));
        store.saveHeartbeats();
        assertThat(due()).isEqualTo(MAILBOXES - 1);
        assertThat(gapEvents()).isEqualTo(MIN_GAPS - 1);
    }

    @Test
    void a_kill_in_a_storm_forgets_no_mailbox() {
        storm();
        home.cut(store);
        store = open();
        store.saveHeartbeats();
        assertThat(due()).isEqualTo(MAILBOXES - 1);
    }

    @Test
    void it_lasts_as_long_as_notifications_do_not_hang_together() {
        storm();
        for (var minute = 1; minute <= 20; minute++) {
            clock.advance(Duration.ofMinutes(1));
            for (var number = 0; number < 60; number++) {
                var attempt = attempts.get(number);
                var from = 10 * minute;
                record(attempt, ExchangeNotifications.notification("s1", "w" + from, mail(attempt, from + 1)));
            }
            store.saveHeartbeats();
        }
        assertThat(due()).isEqualTo(MIN_GAPS - 1);
        for (var minute = 1; minute <= 6; minute++) {
            clock.advance(Duration.ofMinutes(1));
            store.saveHeartbeats();
        }
        assertThat(due()).isEqualTo(MAILBOXES - 1);
    }
}

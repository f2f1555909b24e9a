package dev.tidemark.contract;

import static dev.tidemark.contract.ExchangeNotifications.mail;
import static dev.tidemark.contract.ExchangeNotifications.mark;
import static dev.tidemark.contract.ExchangeNotifications.notification;
import static dev.tidemark.contract.ExchangeNotifications.status;
import static dev.tidemark.contract.ExchangeNotifications.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Promises of [ExchangeOffsets#boundByEvents], whose source is callbacks, and of
/// [ExchangeOffsets#earliestLookBack].
public abstract class EventTimesContract extends WatermarkStoreContract {
    private static final Duration BEHIND = Duration.ofHours(-3);
    private static final Duration LATE = Duration.ofMinutes(-8);

    private int number;

    private void event(AttemptId attempt, String subscription, Duration bound) {
        var before = "w" + number;
        number++;
        record(attempt, notification(subscription, before, mail("m" + number, "w" + number, time().plus(bound))));
    }

    private void heartbeat(AttemptId attempt, String subscription) {
        record(attempt, notification(subscription, "w" + number, status("w" + number)));
    }

    private Optional<Duration> bound() {
        return store.exchangeOffsets().boundByEvents("inboxes");
    }

    @Test
    void the_largest_of_the_last_hour_counts() {
        var attempt = subscribed("s1");
        assertThat(bound()).isEmpty();
        event(attempt, "s1", BEHIND.plus(LATE));
        assertThat(bound()).contains(BEHIND.plus(LATE));
        event(attempt, "s1", BEHIND);
        event(attempt, "s1", BEHIND.plus(LATE));
        assertThat(bound()).contains(BEHIND);
    }

    @Test
    void a_clock_that_falls_back_is_noticed_within_two_hours() {
        var attempt = subscribed("s1");
        event(attempt, "s1", Duration.ZERO);
        for (var minute = 0; minute < 125; minute++) {
            clock.advance(Duration.ofMinutes(1));
            event(attempt, "s1", BEHIND);
        }
        assertThat(bound()).contains(BEHIND);
    }

    @Test
    void it_outlives_restarts_and_power_cuts() {
        event(subscribed("s1"), "s1", BEHIND);
        reopen();
        assertThat(bound()).contains(BEHIND);
        reopenAfterPowerCut();
        assertThat(bound()).contains(BEHIND);
    }

    @Test
    void a_replay_counts_only_after_a_heartbeat_that_follows_other_callbacks() {
        event(subscribed("s1"), "s1", BEHIND);
        var next = resubscribed("s2", "w1", SubscribeReason.SILENCE);
        clock.advance(Duration.ofHours(10));
        heartbeat(next, "s2");
        event(next, "s2", Duration.ofHours(-9));
        clock.advance(Duration.ofHours(2));
        event(next, "s2", Duration.ofHours(-8));
        assertThat(bound()).contains(BEHIND);
        heartbeat(next, "s2");
        event(next, "s2", Duration.ofHours(1));
        assertThat(bound()).contains(Duration.ofHours(1));
    }

    @Test
    void an_absurd_time_counts_as_none() {
        var attempt = subscribed("s1");
        event(attempt, "s1", Duration.ofDays(800));
        event(attempt, "s1", Duration.ofDays(-40_000));
        assertThat(bound()).isEmpty();
    }

    @Test
    void the_mailbox_that_looks_back_furthest_counts_even_if_it_is_paused_or_removed() {
        assertThat(store.exchangeOffsets().earliestLookBack("inboxes")).isEmpty();
        subscribed("s1");
        var furthest = now().watermark().orElseThrow().takenAt().minus(Duration.ofMinutes(15));
        clock.advance(Duration.ofDays(1));
        var grace =
                store.mailboxes().enrol(new MailboxAddress("grace@example.com"), new GroupMembership("inboxes", false));
        var attempt = store.subscriptions().begin(grace.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        store.subscriptions()
                .confirm(attempt, new SubscribeResult(subscription("s2"), Optional.of(mark("w9"))), Optional.empty());
        assertThat(store.exchangeOffsets().earliestLookBack("inboxes")).contains(furthest);
        store.mailboxes().pause(ada.id());
        assertThat(store.exchangeOffsets().earliestLookBack("inboxes")).contains(furthest);
        store.mailboxes().remove(ada.id());
        reopen();
        assertThat(store.exchangeOffsets().earliestLookBack("inboxes")).contains(furthest);
        assertThat(store.exchangeOffsets().earliestLookBack("branch")).isEmpty();
    }

    @Test
    void a_mailbox_that_is_heard_of_looks_back_less_far() {
        var attempt = subscribed("s1");
        clock.advance(Duration.ofDays(1));
        event(attempt, "s1", Duration.ZERO);
        assertThat(store.exchangeOffsets().earliestLookBack("inboxes")).contains(time().minus(Duration.ofMinutes(15)));
    }
}

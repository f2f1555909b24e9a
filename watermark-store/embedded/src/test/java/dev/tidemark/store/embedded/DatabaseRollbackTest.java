package dev.tidemark.store.embedded;

import static dev.tidemark.contract.ExchangeNotifications.mail;
import static dev.tidemark.contract.ExchangeNotifications.notification;
import static dev.tidemark.contract.ExchangeNotifications.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.StoreHome;
import dev.tidemark.contract.WatermarkStoreContract;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SyncState;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks notifications of a subscription that replaced a lost one.
final class DatabaseRollbackTest extends WatermarkStoreContract {
    /// time that passes with each reading of the clock
    private Duration tick = Duration.ZERO;

    private final InstantSource ticking = () -> {
        clock.advance(tick);
        return clock.instant();
    };

    @Override
    protected StoreHome home(Path folder) {
        var embedded = new EmbeddedHome(folder);
        return new StoreHome() {
            @Override
            public WatermarkStore open(Clock settable) {
                return embedded.open(ticking.withZone(ZoneOffset.UTC));
            }

            @Override
            public void cut(WatermarkStore open) {
                embedded.cut(open);
            }
        };
    }

    @Test
    void comparisons_that_take_long_are_left_to_later_notifications() {
        record(
                subscribed("s1"),
                notification("s1", "w0", mail("m1", "w1", time())),
                notification("s1", "w1", mail("m2", "w2", time())));
        var attempt = resubscribed("s2", "w2", SubscribeReason.ERROR);
        tick = Duration.ofMillis(400);
        record(attempt, notification("s2", "w2", mail("m3", "w3", time())));
        IntStream.rangeClosed(4, 8)
                .forEach(number -> record(
                        attempt, notification("s2", "w" + (number - 1), mail("m" + number, "w" + number, time()))));
        // known watermark with an unknown event
        record(attempt, notification("s2", "w8", mail("m9", "w1", time())));
        assertThat(now().resyncSince()).isEmpty();
        tick = Duration.ZERO;
        clock.advance(Duration.ofHours(1));
        record(attempt, notification("s2", "w1", mail("m10", "w2", time())));
        assertThat(now().resyncSince()).isPresent();
    }

    /// @param times times of the heartbeats, in seconds
    private void heartbeatsAt(String times) {
        record(subscribed("s1"), notification("s1", "w0", mail("m1", "w1", time())));
        var attempt = resubscribed("s2", "w1", SubscribeReason.ERROR);
        var start = time();
        Stream.of(times.split(" ")).mapToLong(Long::parseLong).forEach(second -> {
            clock.advance(Duration.between(time(), start.plusSeconds(second)));
            record(attempt, notification("s2", "w1", status("w1")));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "60 90 150 270 510 990 1950",
                "90 150 270 510 990",
                "60 61 62 63 64",
                "60 90 270 510",
                "600 630 690 1200",
                "60 660"
            })
    void one_heartbeat_that_is_repeated_proves_nothing(String times) {
        heartbeatsAt(times);
        assertThat(now().due()).isEmpty();
        assertThat(now().resyncSince()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "60 120 180",
                "600 1200 1800",
                "600 1203 1801",
                "600 630 1200 1230 1800",
                "60 90 150 750 1350",
                "600 1800 2400 3000",
                "86400 172800 259200"
            })
    void three_at_even_intervals_have_the_mailbox_resynchronized(String times) {
        heartbeatsAt(times);
        assertThat(now().due()).isPresent();
        assertThat(now().resyncSince()).isPresent();
    }

    @Test
    void a_resync_from_scratch_removes_all_states_of_the_mailbox_and_no_others() {
        var bob = store.mailboxes().enrol(new MailboxAddress("bob@example.com"), ada.membership());
        for (var folder : List.of("inbox", "calendar", "contacts")) {
            page(ada, folder);
            page(bob, folder);
        }
        heartbeatsAt("60 120 180");
        reopenAfterPowerCut();
        assertThat(store.resyncs().states(ada.id())).isEmpty();
        assertThat(store.resyncs().states(bob.id())).hasSize(3);
    }

    private void page(Mailbox mailbox, String folder) {
        store.resyncs()
                .store(new RecoveredPage(
                        mailbox.id(), EventOrigin.RESYNC, List.of(), folder, new SyncState("s"), true));
    }
}

package dev.tidemark.store.embedded;

import static dev.tidemark.contract.ExchangeNotifications.mail;
import static dev.tidemark.contract.ExchangeNotifications.notification;
import static dev.tidemark.contract.ExchangeNotifications.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.StoreHome;
import dev.tidemark.contract.WatermarkStoreContract;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SyncState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checks heartbeats that do not move the watermark with which a lost subscription was replaced.
final class DatabaseRollbackTest extends WatermarkStoreContract {
    @Override
    protected StoreHome home(Path folder) {
        return new EmbeddedHome(folder);
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

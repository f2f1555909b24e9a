package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Opens stores that earlier versions wrote; `earlier-stores` has their contents and commits.
final class EarlierStoresTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final MailboxAddress ADA = new MailboxAddress("ada@example.com");
    private static final MailboxAddress BOB = new MailboxAddress("bob@example.com");
    private static final MailboxAddress EVE = new MailboxAddress("eve@example.com");

    /// Six mails by callbacks, and one by a sync.
    private static final int MAILS = 7;

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();

    private EmbeddedHome home(int format) throws IOException {
        var home = new EmbeddedHome(folder);
        var log = Files.createDirectories(home.log("store0"));
        var name = "/earlier-stores/format-" + format + ".zip";
        try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream(name), name);
                var zip = new ZipInputStream(file)) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Files.copy(zip, log.resolve(entry.getName()));
            }
        }
        clock.advance(Duration.ofHours(1));
        return home;
    }

    private static Mailbox ada(WatermarkStore store) {
        return store.mailboxes().find(ADA).orElseThrow();
    }

    private static List<JournalEvent> mails(WatermarkStore store) {
        var ada = ada(store).id();
        return store.journal().read(JournalPosition.START, 1000).stream()
                .filter(event -> event.origin().isPresent())
                .filter(event -> event.mailbox().orElseThrow().id().equals(ada))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 22})
    void mailboxes_and_their_events_are_read(int format) throws IOException {
        var home = home(format);
        try (var store = home.open(clock)) {
            assertThat(ada(store).state()).isEqualTo(new MailboxState.Active());
            assertThat(ada(store).watermark().orElseThrow().value().value()).isEqualTo("w6");
            assertThat(store.mailboxes().find(BOB).orElseThrow().state()).isEqualTo(new MailboxState.Paused());
            assertThat(store.mailboxes().find(EVE)).isEmpty();
            assertThat(store.resyncs().states(ada(store).id())).containsOnlyKeys("inbox");
            assertThat(store.locations().find(ada(store).id())).isPresent();
            var mails = mails(store);
            assertThat(mails).extracting(JournalEvent::id).hasSize(MAILS).doesNotHaveDuplicates();
            assertThat(store.details().find(mails.get(0).position())).contains(new ItemDetail.NotFound());
            assertThat(store.details().find(mails.get(1).position())).contains(new ItemDetail.Unavailable());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 22})
    void deliveries_continue_where_they_were(int format) throws IOException {
        var home = home(format);
        try (var store = home.open(clock)) {
            var mails = mails(store);
            assertThat(store.deliveries().open(CRM))
                    .isEqualTo(DeliveryPosition.at(mails.get(3).position()));
            assertThat(store.deliveries().deferred(CRM, ada(store).id().value(), 10))
                    .extracting(DeferredDelivery::position, DeferredDelivery::attempts)
                    .containsExactly(tuple(mails.get(2).position(), 2));
            assertThat(store.deliveries().deadLetters(Optional.empty(), 10))
                    .extracting(DeadLetter::id, DeadLetter::event, DeadLetter::reason, DeadLetter::response)
                    .containsExactly(tuple("dl_1", mails.get(3), "responded 422", Optional.empty()));
            assertThat(store.replays().running(CRM)).extracting(SinkReplay::id).containsExactly("rpl_1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 22})
    void new_rows_are_written_beside_the_old_ones(int format) throws IOException {
        var home = home(format);
        var response = new RefusedResponse(422, "field missing");
        try (var store = home.open(clock)) {
            home.receive(store, ada(store).id(), clock.instant());
            var letter = new DeadLetter("dl_2", CRM, mails(store).get(2), "responded 422", 9, clock.instant());
            store.deliveries().saveDeadLetter(letter.withResponse(response));
            ((EmbeddedStore) store).snapshot();
        }
        try (var store = home.open(clock)) {
            assertThat(mails(store)).hasSize(MAILS + 1);
            assertThat(store.deliveries().deadLetters(Optional.empty(), 10))
                    .extracting(DeadLetter::id, DeadLetter::response)
                    .containsExactly(tuple("dl_2", Optional.of(response)), tuple("dl_1", Optional.empty()));
            assertThat(store.deliveries().deferredCount(CRM)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 22})
    void the_bytes_of_the_earlier_version_are_backed_up_first(int format) throws IOException {
        var home = home(format);
        var before = contents(home.log("store0"));
        home.open(clock).close();
        var backup = folder.resolve("store0.backup-format-" + format);
        assertThat(contents(backup.resolve("tidemark.store"))).isEqualTo(before);
        assertThat(StoreBackup.find(backup).instance()).isEqualTo("gw1");
    }

    private static Map<String, Integer> contents(Path directory) throws IOException {
        var contents = new TreeMap<String, Integer>();
        try (var files = Files.list(directory)) {
            for (var file : files.filter(each -> !each.endsWith("lock")).toList()) {
                contents.put(file.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}

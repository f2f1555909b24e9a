package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tidemark.log.FileLogDisk;
import dev.tidemark.log.LogConfig;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.RecoveredPage.RecoveredChange;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SyncState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Scans every byte of a store's files for a forgotten mailbox, before and after retention.
final class ForgottenBytesTest {
    private static final String ADDRESS = "ada.lovelace@example.com";
    private static final String ITEM = "AAMkAdGhlLWl0ZW0tb2YtYWRh";
    private static final Duration RETENTION = Duration.ofDays(7);
    private static final LogConfig MANY_SPARES = new LogConfig(16 << 10, 2 << 10, Duration.ofHours(1), 40 << 10, 12);
    private static final SinkName CRM = new SinkName("crm");

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();

    private EmbeddedStore open() {
        var url = "jdbc:h2:file:" + folder.resolve("store");
        var config = new StoreConfig(url, "sa", "", "gw1", true, 0, Duration.ofMinutes(15));
        var dependencies = new EmbeddedStore.Dependencies(clock, new SecureRandom(), Duration.ofDays(1));
        var disk = new FileLogDisk(StoreFiles.of(url).log());
        return EmbeddedStore.open(config, dependencies, disk, MANY_SPARES);
    }

    private static MailboxId enrol(EmbeddedStore store, String address) {
        return store.mailboxes()
                .enrol(new MailboxAddress(address), new GroupMembership("inboxes", false))
                .id();
    }

    private void receive(EmbeddedStore store, MailboxId mailbox, String item) {
        var found = new RecoveredChange(ChangeKind.NEW_MAIL, ItemId.of(item), Optional.empty(), clock.instant());
        store.resyncs()
                .store(new RecoveredPage(
                        mailbox, EventOrigin.RESYNC, List.of(found), "inbox", new SyncState("S"), true));
    }

    /// Stores an event with a detail and a dead letter.
    private void fill(EmbeddedStore store, MailboxId ada) {
        store.details().setGroups(Set.of("inboxes"));
        var before = store.journal().end();
        receive(store, ada, ITEM);
        var event = store.journal().read(before, 1).getFirst();
        store.details().save(Map.of(event.position(), new ItemDetail.NotFound()));
        store.deliveries().saveDeadLetter(new DeadLetter("dl_1", CRM, event, "HTTP 500", 3, clock.instant()));
    }

    /// Removes what is older than retention, as the daemon does, from the files, too.
    private void passRetention(EmbeddedStore store) {
        clock.advance(RETENTION.plusDays(1));
        var bob = enrol(store, "bob@example.com");
        for (var round = 0; round < 3; round++) {
            receive(store, bob, "of-bob-" + clock.instant() + "-" + round);
            store.journal()
                    .prune(clock.instant().minus(RETENTION), store.deliveries().deliveredByAll(), 1000);
            clock.advance(Duration.ofHours(12));
            store.snapshot();
        }
    }

    private List<String> filesWith(String text) {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> holds(file, text))
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean holds(Path file, String text) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void no_file_holds_address_or_item_of_a_forgotten_mailbox_once_retention_has_passed() {
        try (var store = open()) {
            var ada = enrol(store, ADDRESS);
            fill(store, ada);
            // full segments, so that retention keeps one for reuse
            IntStream.range(0, 100).forEach(number -> receive(store, ada, ITEM + "x".repeat(200) + number));
            passRetention(store);
            fill(store, ada);
            store.snapshot();
            for (var text : List.of(ADDRESS, ITEM)) {
                assertThat(filesWith(text))
                        .anyMatch(name -> name.startsWith("segment-"))
                        .anyMatch(name -> name.startsWith("snapshot-"))
                        .anyMatch(name -> name.startsWith("spare-"));
                await().untilAsserted(() -> assertThat(filesWith(text)).contains("store.index.mv.db"));
            }
            store.mailboxes().pause(ada);
            store.mailboxes().forget(ada);
            passRetention(store);
            assertThat(filesWith(ADDRESS)).isEmpty();
            assertThat(filesWith(ITEM)).isEmpty();
            assertThat(store.journal().read(JournalPosition.START, 100)).isNotEmpty();
        }
        assertThat(filesWith(ADDRESS)).isEmpty();
        assertThat(filesWith(ITEM)).isEmpty();
        try (var store = open()) {
            assertThat(store.mailboxes().all()).hasSize(1);
            assertThat(filesWith(ADDRESS)).isEmpty();
        }
    }

    @Test
    void the_id_of_a_forgotten_mailbox_is_dropped_once_retention_has_removed_its_events() {
        try (var store = open()) {
            var ada = enrol(store, ADDRESS);
            fill(store, ada);
            store.mailboxes().pause(ada);
            store.mailboxes().forget(ada);
            store.saveHeartbeats();
            assertThat(store.journal().forgotten()).containsExactly(ada);
            passRetention(store);
            store.saveHeartbeats();
            assertThat(store.journal().forgotten()).isEmpty();
            assertThat(store.journal().forgottenTotal()).isEqualTo(1);
            store.snapshot();
        }
        try (var store = open()) {
            assertThat(store.journal().forgotten()).isEmpty();
            assertThat(store.mailboxes().findRemoved(new MailboxAddress(ADDRESS)))
                    .isEmpty();
        }
    }
}

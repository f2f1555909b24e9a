package dev.tidemark.store.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.ExchangeNotifications;
import dev.tidemark.contract.RandomChanges;
import dev.tidemark.contract.StoreHome;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.embedded.StoreBackup;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkPartition;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.store.sql.RowChange;
import dev.tidemark.store.transfer.CopyableStore;
import dev.tidemark.store.transfer.StoreCopy;
import dev.tidemark.store.transfer.StoreDigest;
import dev.tidemark.store.transfer.StoreSource;
import dev.tidemark.store.transfer.StoreTarget;
import dev.tidemark.testpostgres.PostgresTestServer;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.MailboxAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Copies stores between files and PostgreSQL, and restores backups.
final class StoreTransferTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final int MAILS = 30;
    private static final long LEAST_SKIPPED = 1_000_000_000;

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock();
    private int stores;

    /// Engine of a store, chosen by its URL as the daemon does.
    enum Engine {
        FILES,
        POSTGRESQL
    }

    private StoreConfig newStore(Engine engine) {
        var url = engine == Engine.FILES
                ? "jdbc:h2:file:" + folder.resolve("store" + ++stores)
                : PostgresTestServer.newStore();
        return new StoreConfig(url, "", "", "gw1", true, 0, Duration.ofMinutes(15), 3);
    }

    private static boolean isOnPostgres(StoreConfig config) {
        return PostgresStoreFactory.accepts(config.url());
    }

    private CopyableStore open(StoreConfig config) {
        return isOnPostgres(config)
                ? PostgresStoreFactory.open(config, new FolderNameCache(), UnaryOperator.identity(), clock)
                : StoreFactory.open(config, clock);
    }

    private StoreSource source(StoreConfig config) {
        return isOnPostgres(config) ? PostgresStoreFactory.openSource(config) : StoreFactory.openSource(config, clock);
    }

    private StoreTarget target(StoreConfig config) {
        return isOnPostgres(config)
                ? PostgresStoreFactory.openTarget(config, clock)
                : StoreFactory.openTarget(config, clock);
    }

    private StoreDigest digest(StoreConfig config) {
        try (var source = source(config)) {
            return StoreDigest.of(source);
        }
    }

    private void copy(StoreConfig from, StoreConfig to) {
        try (var source = source(from);
                var target = target(to)) {
            StoreCopy.copy(source, target, rows -> {});
        }
    }

    /// Helpers of the contract suites, for any engine.
    private StoreHome mails() {
        return new PostgresHome("");
    }

    private void receive(WatermarkStore store, int mails) {
        for (var i = 0; i < mails; i++) {
            mails().receive(store, mails().mailbox(store), clock.instant());
            clock.advance(Duration.ofMillis(700));
        }
    }

    private static Mailbox ada(WatermarkStore store) {
        return store.mailboxes().all().stream().findFirst().orElseThrow();
    }

    private static List<JournalEvent> journal(WatermarkStore store) {
        return store.journal().read(JournalPosition.START, Integer.MAX_VALUE);
    }

    /// Fills a store on PostgreSQL with events, and with rows of all other kinds.
    private StoreConfig filledOnPostgres() {
        var config = newStore(Engine.POSTGRESQL);
        try (var store = open(config)) {
            receive(store, MAILS);
            store.journal().prune(clock.instant(), new JournalPosition(5), 5);
            receive(store, 3);
        }
        try (var parts = PostgresStore.PostgresParts.open(config)) {
            var random = RandomChanges.withoutNul(7);
            // whatever was removed before, a row of each kind is left
            var saved = random.kinds().stream()
                    .filter(kind -> kind.getSimpleName().endsWith("Saved"))
                    .map(random::of);
            var rows = Stream.concat(random.some(800).stream(), saved)
                    .filter(change -> !RowChange.of(change).isEmpty())
                    .map(StoreTransferTest::withoutNul)
                    .flatMap(Optional::stream)
                    .toList();
            parts.work().commit(rows, clock.instant());
        }
        return config;
    }

    /// Leaves out rows whose texts PostgreSQL changes.
    private static Optional<Change> withoutNul(Change change) {
        return Optional.of(change).filter(it -> !it.toString().contains("\0"));
    }

    @Test
    void a_store_is_the_same_after_the_way_from_postgresql_to_files_and_back() {
        var first = filledOnPostgres();
        var before = digest(first);
        assertThat(before.kinds()).hasSizeGreaterThan(12);
        var second = newStore(Engine.FILES);
        copy(first, second);
        assertThat(digest(second).differences(before)).isEmpty();
        assertThat(digest(second)).isEqualTo(before);
        var third = newStore(Engine.POSTGRESQL);
        copy(second, third);
        assertThat(digest(third)).isEqualTo(before);
        assertThat(digest(first)).isEqualTo(before);
    }

    @Test
    void the_partitions_of_a_sink_are_one_again_after_the_way_to_files() {
        var sink = new SinkName("crm");
        var from = newStore(Engine.POSTGRESQL);
        try (var store = open(from)) {
            var parts = SinkPartition.all(3);
            parts.forEach(part -> store.deliveries().of(part).open(sink));
            receive(store, 3);
            var end = DeliveryPosition.at(store.journal().end());
            var lane = mails().mailbox(store).value();
            parts.stream()
                    .filter(part -> part.contains(lane))
                    .forEach(part -> store.deliveries().of(part).save(sink, end, List.of(), List.of()));
        }
        var to = newStore(Engine.FILES);
        copy(from, to);
        try (var store = open(to)) {
            var whole = store.deliveries().open(sink);
            assertThat(journal(store).stream()
                            .filter(event -> !event.source().lane().equals("instance")))
                    .allMatch(event -> whole.isDone(event.position()));
            assertThat(store.deliveries().of(new SinkPartition(0, 3)).savedPosition(sink))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_copied_store_continues_where_the_other_stopped(Engine engine) {
        var from = newStore(engine == Engine.FILES ? Engine.POSTGRESQL : Engine.FILES);
        List<JournalEvent> before;
        try (var store = open(from)) {
            receive(store, MAILS);
            before = journal(store);
        }
        var to = newStore(engine);
        copy(from, to);
        try (var store = open(to)) {
            assertThat(store.instance().stoppedCleanly()).isTrue();
            assertThat(journal(store)).isEqualTo(before);
            receive(store, 1);
            assertThat(journal(store)).hasSize(before.size() + 1);
            assertThat(journal(store).getLast().sequence())
                    .isEqualTo(before.getLast().sequence() + 1);
            assertThat(journal(store).getLast().position().value())
                    .isEqualTo(before.getLast().position().value() + 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_restored_store_uses_no_number_twice_and_subscribes_again_from_the_watermark_of_the_backup(Engine engine)
            throws IOException {
        var backup = folder.resolve("backup");
        AttemptId later;
        List<JournalEvent> before;
        StoredWatermark watermark;
        try (var store = open(newStore(engine))) {
            receive(store, MAILS);
            store.deliveries().save(CRM, DeliveryPosition.at(new JournalPosition(11)), List.of(), List.of());
            before = journal(store);
            watermark = ada(store).watermark().orElseThrow();
            try (var source = store.openSource()) {
                var made = StoreBackup.create(source, "gw1", backup, 0, clock, rows -> {});
                assertThat(made.position())
                        .isEqualTo(before.getLast().position().value());
            }
            // what happens after the backup is lost
            later = store.subscriptions().begin(ada(store).id(), SubscribeReason.SILENCE, "print", Optional.empty());
            receive(store, 4);
        }
        for (var other : Engine.values()) {
            var to = newStore(other);
            restore(backup, to);
            try (var store = open(to)) {
                assertRestored(store, before, watermark, later);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_forgotten_mailbox_stays_forgotten_in_every_copy(Engine engine) {
        var backup = folder.resolve("backup");
        var from = newStore(engine);
        List<JournalEvent> before;
        try (var store = open(from)) {
            receive(store, 3);
            var ada = ada(store).id();
            store.mailboxes().pause(ada);
            store.mailboxes().forget(ada);
            before = journal(store);
            try (var source = store.openSource()) {
                StoreBackup.create(source, "gw1", backup, 0, clock, rows -> {});
            }
        }
        assertThat(before).extracting(JournalEvent::type).containsExactly("mailbox.forgotten");
        for (var other : Engine.values()) {
            var copied = newStore(other);
            copy(from, copied);
            assertThat(digest(copied)).isEqualTo(digest(from));
            var restored = newStore(other);
            restore(backup, restored);
            for (var config : List.of(copied, restored)) {
                try (var store = open(config)) {
                    assertThat(journal(store)).isEqualTo(before);
                    assertThat(store.mailboxes().all()).isEmpty();
                    assertThat(store.journal().forgotten()).hasSize(1);
                }
            }
        }
    }

    private void restore(Path backup, StoreConfig to) {
        var found = StoreBackup.find(backup);
        assertThat(found.instance()).isEqualTo("gw1");
        try (var source = found.open(clock)) {
            if (isOnPostgres(to)) {
                PostgresStoreFactory.restore(source, found.restorePoint(clock), to, clock, rows -> {});
            } else {
                StoreFactory.restore(source, found.restorePoint(clock), to, clock, rows -> {});
            }
        }
    }

    private void assertRestored(
            WatermarkStore store, List<JournalEvent> before, StoredWatermark watermark, AttemptId later) {
        var events = journal(store);
        assertThat(events.subList(0, before.size())).isEqualTo(before);
        var lost = events.getLast();
        assertThat(events).hasSize(before.size() + 1);
        assertThat(lost.type()).endsWith("subscription.lost");
        assertThat(lost.position().value()).isGreaterThan(LEAST_SKIPPED);
        assertThat(lost.sequence()).isGreaterThan(LEAST_SKIPPED);
        var ada = ada(store);
        assertThat(ada.state()).isInstanceOf(MailboxState.Silent.class);
        assertThat(ada.watermark()).contains(watermark);
        assertThat(ada.due().map(PendingCompensation::reason)).contains(SubscribeReason.OPERATOR);
        // the sink has what is left of the backup before it, and then what comes
        var position = store.deliveries().open(CRM);
        assertThat(position.upTo()).isEqualTo(new JournalPosition(11));
        assertThat(position.beyond().getLast().last().value())
                .isEqualTo(lost.position().value() - 1);
        assertThat(record(store, later)).isInstanceOf(IntakeOutcome.Superseded.class);
        var attempt = store.subscriptions()
                .begin(ada.id(), SubscribeReason.OPERATOR, "print", Optional.of(watermark.value()));
        assertThat(attempt.number()).isGreaterThan(LEAST_SKIPPED);
    }

    private IntakeOutcome record(WatermarkStore store, AttemptId attempt) {
        var message = ExchangeNotifications.notification(
                "s9", "w99", ExchangeNotifications.mail("m100", "w100", clock.instant()));
        return store.intake()
                .record(List.of(
                        new VerifiedCallback(attempt, ExchangeNotifications.body(message), clock.instant(), "")))
                .getFirst();
    }

    @ParameterizedTest
    @EnumSource
    void a_backup_that_is_restored_twice_gives_each_store_numbers_of_its_own(Engine engine) {
        var backup = folder.resolve("backup");
        try (var store = open(newStore(Engine.FILES))) {
            receive(store, MAILS);
            try (var source = store.openSource()) {
                StoreBackup.create(source, "gw1", backup, 0, clock, rows -> {});
            }
        }
        var first = newStore(engine);
        restore(backup, first);
        long end;
        try (var store = open(first)) {
            receive(store, MAILS);
            end = journal(store).getLast().position().value();
        }
        clock.advance(Duration.ofSeconds(1));
        var second = newStore(engine);
        restore(backup, second);
        try (var store = open(second)) {
            assertThat(journal(store).getLast().position().value()).isGreaterThan(end);
        }
    }

    @Test
    void an_empty_schema_is_no_source() {
        var nothing = newStore(Engine.POSTGRESQL);
        assertThatThrownBy(() -> source(nothing))
                .isInstanceOfSatisfying(
                        StoreException.class,
                        failed -> assertThat(failed.isAbsent())
                                .as("absent before the first start")
                                .isTrue())
                .hasMessage("There is no store in this schema of PostgreSQL; check store.url.");
        target(nothing).close();
        assertThatThrownBy(() -> source(nothing))
                .hasMessageMatching("There is no complete store in schema \\w+ of PostgreSQL; check store.url.");
    }

    @Test
    void a_copy_that_is_cut_off_is_no_store() {
        var from = filledOnPostgres();
        try (var store = open(from)) {
            // more than the target writes at once
            for (var i = 0; i < 600; i++) {
                store.mailboxes().enrol(new MailboxAddress(i + "@example.com"), new GroupMembership("inboxes", false));
            }
        }
        var files = newStore(Engine.FILES);
        var tables = newStore(Engine.POSTGRESQL);
        for (var to : List.of(files, tables)) {
            try (var source = source(from);
                    var target = target(to)) {
                source.read(target::write);
            }
        }
        assertThatThrownBy(() -> source(files)).hasMessageStartingWith("There is no store at ");
        assertThatThrownBy(() -> open(tables))
                .hasMessage("The store in PostgreSQL is an incomplete copy; drop its schema and copy it again.");
        copy(from, files);
        assertThat(digest(files)).isEqualTo(digest(from));
    }

    @ParameterizedTest
    @EnumSource
    void a_store_that_is_not_empty_is_not_overwritten(Engine engine) {
        var config = newStore(engine);
        try (var store = open(config)) {
            receive(store, 1);
        }
        assertThatThrownBy(() -> target(config))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is not empty; name another");
        try (var store = open(config)) {
            assertThat(journal(store)).isNotEmpty();
        }
    }

    @Test
    void a_directory_without_a_whole_backup_is_refused() throws IOException {
        var empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> StoreBackup.find(empty))
                .hasMessageEndingWith("holds no backup; name the directory that 'tidemark backup' made.");
        try (var store = open(newStore(Engine.FILES));
                var source = store.openSource()) {
            Files.createFile(empty.resolve("file"));
            assertThatThrownBy(() -> StoreBackup.create(source, "gw1", empty, 0, clock, rows -> {}))
                    .hasMessageEndingWith("is not empty; name one that does not exist yet.");
            StoreBackup.create(source, "gw1", folder.resolve("new"), 0, clock, rows -> {});
            assertThat(folder.resolve("new")).isDirectory();
            assertThat(folder.resolve("new.partial")).doesNotExist();
        }
    }
}

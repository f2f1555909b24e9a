package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.log.LogConfig;
import dev.tidemark.log.SimulatedDisk;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.SyncState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that damage after a clean stop has no effect, or is refused with file, offset and remedy.
final class DamagedStoreTest {
    private static final LogConfig TINY = new LogConfig(4 << 10, 1 << 10, Duration.ofHours(1), 1 << 20, 1);
    private static final String REFUSAL =
            "/store/(segment|snapshot)-\\d{20} is damaged at offset \\d+: .*; restore the store from a backup\\.";
    /// prime, so that the samples reach all kinds of fields
    private static final int SAMPLED = 13;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final Map<String, byte[]> files = new TreeMap<>();
    private List<String> expected = List.of();

    @BeforeEach
    void fill() throws IOException {
        var disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
        try (var store = new SimulatedHome(folder, TINY, disk).open(clock)) {
            var ada = new CallbackSequence(store, clock);
            for (var round = 0; round < 3; round++) {
                ada.mail();
                fillIndex(store, ada, round);
                ada.mail();
                if (round < 2) {
                    store.snapshot();
                }
            }
        }
        for (var name : disk.list()) {
            try (var file = disk.read(name)) {
                var bytes = ByteBuffer.allocate((int) file.size());
                file.read(bytes, 0);
                files.put(name, bytes.array());
            }
        }
        expected = dump(files);
        assertThat(files.keySet().stream().filter(name -> name.startsWith("segment-")))
                .hasSizeGreaterThan(2);
        assertThat(files.keySet().stream().filter(name -> name.startsWith("snapshot-")))
                .hasSize(2);
    }

    private void fillIndex(EmbeddedStore store, CallbackSequence ada, int round) {
        var event = store.journal().read(JournalPosition.START, 1).getFirst();
        var crm = new SinkName("crm");
        store.deliveries().open(crm);
        store.deliveries().saveDeadLetter(new DeadLetter("dl_" + round, crm, event, "410", 3, clock.instant()));
        store.details().setGroups(Set.of("inboxes"));
        store.details().save(Map.of(event.position(), new ItemDetail.NotFound()));
        var state = new SyncState("state " + round);
        store.resyncs().store(new RecoveredPage(ada.mailbox(), EventOrigin.RESYNC, List.of(), "inbox", state, true));
    }

    private List<String> dump(Map<String, byte[]> from) {
        var disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);
        from.forEach((name, bytes) -> disk.put(name, bytes.clone()));
        try (var engine = BareEngine.open(disk, folder, clock)) {
            return engine.dump();
        }
    }

    /// Returns the sentence if the store is refused; otherwise checks that it is complete.
    private Optional<String> refusal(Map<String, byte[]> damaged, String what) {
        try {
            assertThat(dump(damaged).equals(expected)).as(what).isTrue();
            return Optional.empty();
        } catch (StoreException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void flipBits(int step) {
        var refusals = new ArrayList<String>();
        files.forEach((name, bytes) -> {
            for (var at = 0; at < bytes.length; at += step) {
                var damaged = new TreeMap<>(files);
                var changed = bytes.clone();
                changed[at] ^= (byte) (1 << at % 8);
                damaged.put(name, changed);
                refusal(damaged, name + " at " + at).ifPresent(refusals::add);
            }
        });
        assertThat(refusals)
                .isNotEmpty()
                .allSatisfy(sentence -> assertThat(sentence).matches(REFUSAL));
    }

    @Test
    void a_flipped_bit_changes_nothing_or_is_refused() {
        flipBits(SAMPLED);
    }

    @Tag("soak")
    @Test
    void a_flipped_bit_in_any_byte_changes_nothing_or_is_refused() {
        flipBits(1);
    }

    @Test
    void a_missing_file_is_made_up_for_or_named() {
        var segments = files.keySet().stream()
                .filter(name -> name.startsWith("segment-"))
                .toList();
        var refused = new ArrayList<String>();
        files.keySet().forEach(name -> {
            var damaged = new TreeMap<>(files);
            damaged.remove(name);
            refusal(damaged, "without " + name).ifPresent(sentence -> {
                assertThat(sentence).matches(REFUSAL).contains("is missing");
                refused.add(name);
            });
        });
        // either snapshot replaces the other
        assertThat(refused).isEqualTo(segments);
    }

    @Test
    void files_that_are_cut_or_grown_change_nothing_or_are_refused() {
        files.forEach((name, bytes) -> {
            for (var length :
                    List.of(0, 1, 511, 512, bytes.length / 2, Math.max(0, bytes.length - 1), bytes.length + 700)) {
                var damaged = new TreeMap<>(files);
                damaged.put(name, Arrays.copyOf(bytes, length));
                refusal(damaged, name + " of " + length)
                        .ifPresent(sentence -> assertThat(sentence).matches(REFUSAL));
            }
        });
    }

    @Test
    void an_index_that_is_damaged_missing_or_replaced_is_rebuilt() throws IOException {
        var home = new EmbeddedHome(folder);
        try (var store = home.open(clock)) {
            fillIndex((EmbeddedStore) store, mailing(store), 0);
        }
        var index = folder.resolve("store0.index.mv.db");
        Files.write(index, "junk".repeat(5000).getBytes(StandardCharsets.US_ASCII));
        try (var store = home.open(clock)) {
            assertThat(store.deliveries().deadLetterCount()).isOne();
            Files.copy(index, folder.resolve("older"));
            fillIndex((EmbeddedStore) store, new CallbackSequence((EmbeddedStore) store, clock), 1);
            home.copy("store0", "killed");
        }
        Files.move(folder.resolve("older"), folder.resolve("killed.index.mv.db"));
        try (var store = home.open("killed", clock)) {
            assertThat(store.deliveries().deadLetterCount()).isEqualTo(2);
        }
    }

    private CallbackSequence mailing(WatermarkStore store) {
        var ada = new CallbackSequence((EmbeddedStore) store, clock);
        ada.mail();
        return ada;
    }

    @Test
    void a_store_of_an_earlier_version_is_refused_and_left_alone() throws IOException {
        var database = folder.resolve("store0.mv.db");
        var bytes = new byte[] {1, 2, 3};
        Files.write(database, bytes);
        var home = new EmbeddedHome(folder);
        for (var attempt = 0; attempt < 2; attempt++) {
            assertThatThrownBy(() -> home.open(clock))
                    .isInstanceOf(StoreException.class)
                    .hasMessageMatching(".*store0\\.mv\\.db was written by an earlier version of Tidemark, .*\\.");
        }
        assertThat(database).hasBinaryContent(bytes);
        assertThat(home.log("store0")).doesNotExist();
        assertThat(folder.resolve("store0.index.mv.db")).doesNotExist();
    }

    @Test
    void a_second_opener_is_refused_and_disturbs_nothing() {
        var home = new EmbeddedHome(folder);
        try (var store = home.open(clock)) {
            var ada = mailing(store);
            fillIndex((EmbeddedStore) store, ada, 0);
            assertThatThrownBy(() -> home.open(clock))
                    .isInstanceOf(StoreException.class)
                    .hasMessageMatching("The store in .*store0\\.store is in use by another process; .*\\.");
            ada.mail();
            assertThat(store.deliveries().deadLetterCount()).isOne();
        }
    }
}

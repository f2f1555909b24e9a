package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.ExchangeNotifications;
import dev.tidemark.log.SimulatedDisk;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.testsupport.SettableClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks that segments shrink or disappear once snapshots replace them, and that no event disappears early.
final class StoreRetentionTest {
    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final SimulatedDisk disk = new SimulatedDisk(new Random(1), SimulatedDisk.Lie.NONE);

    @Test
    void segments_full_of_heartbeats_shrink_and_keep_all_events() throws IOException {
        var home = new SimulatedHome(folder, SimulatedHome.SMALL, disk);
        List<JournalEvent> events;
        try (var store = home.open(clock)) {
            var ada = new CallbackSequence(store, clock);
            for (var round = 0; round < 3; round++) {
                for (var number = 0; number < 10; number++) {
                    ada.mail();
                    IntStream.range(0, 20).forEach(heartbeat -> ada.beat());
                }
                store.snapshot();
            }
            events = store.journal().read(JournalPosition.START, 1000);
            assertThat(events).hasSize(31);
        }
        // without compaction, every heartbeat takes a sector or two
        assertThat(segmentBytes()).isLessThan(300 * 512);
        try (var store = home.open(clock)) {
            assertThat(store.journal().read(JournalPosition.START, 1000)).isEqualTo(events);
        }
    }

    private long segmentBytes() throws IOException {
        var bytes = 0L;
        for (var name : disk.list()) {
            try (var file = disk.read(name)) {
                bytes += name.startsWith("segment-") ? file.size() : 0;
            }
        }
        return bytes;
    }

    @Test
    void pruned_events_are_hidden_at_once_and_their_segments_stay_until_two_snapshots_are_behind() throws IOException {
        var home = new SimulatedHome(folder, SimulatedHome.SMALL, disk);
        var segments = new ArrayList<Long>();
        try (var store = home.open(clock)) {
            var ada = new CallbackSequence(store, clock);
            for (var round = 0; round < 3; round++) {
                IntStream.range(0, 100).forEach(number -> ada.mail());
                clock.advance(Duration.ofMinutes(1));
                while (store.journal().prune(clock.instant(), store.deliveries().deliveredByAll(), 50) > 0) {
                    assertThat(store.journal().read(JournalPosition.START, 1000))
                            .hasSize((int) (store.journal().end().value()
                                    - store.journal().oldest().value()));
                }
                assertThat(store.journal().read(JournalPosition.START, 1000)).isEmpty();
                segments.add(segmentBytes());
                store.snapshot();
                segments.add(segmentBytes());
            }
            ada.mail();
        }
        assertThat(segments.getLast()).isLessThan(segments.get(segments.size() - 2));
        damage(newestSnapshot());
        try (var store = home.open(clock)) {
            assertThat(store.journal().read(JournalPosition.START, 1000)).hasSize(1);
            assertThat(store.mailboxes().all())
                    .singleElement()
                    .satisfies(ada -> assertThat(ada.watermark().orElseThrow().value())
                            .isEqualTo(ExchangeNotifications.mark("w301")));
        }
    }

    private String newestSnapshot() {
        return disk.list().stream()
                .filter(name -> name.startsWith("snapshot-"))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private void damage(String name) throws IOException {
        try (var file = disk.read(name)) {
            var bytes = ByteBuffer.allocate((int) file.size());
            file.read(bytes, 0);
            bytes.array()[600]++;
            disk.put(name, bytes.array());
        }
    }
}

package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeferredDeliveryOverlayTest {
    private static final SinkName CRM = new SinkName("crm");
    private static final int ROWS = 500;

    private final MemoryStore store = new MemoryStore();
    private final DeferredDeliveryOverlay overlay = new DeferredDeliveryOverlay(CRM, store.deliveries());

    @Test
    void a_long_lane_is_emptied_in_order_with_one_read_for_many_rows() {
        for (var position = 1; position <= ROWS; position++) {
            overlay.put(row("ada", position, 0));
        }
        save();
        var sent = new ArrayList<JournalPosition>();
        while (overlay.step("ada", DeferredDeliveryOverlayTest::sendFirst) instanceof LaneStep.Send send) {
            sent.add(send.row().position());
            overlay.done(send.row().position());
            if (sent.size() % 8 == 0) {
                save();
            }
        }
        assertThat(sent).hasSize(ROWS).isSorted();
        assertThat(store.laneReads()).isLessThan(ROWS / 8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void rows_in_memory_are_those_of_the_store_with_all_unsaved_changes(long seed) {
        var random = new Random(seed);
        var expected = new TreeMap<JournalPosition, DeferredDelivery>();
        var done = new HashSet<Integer>();
        for (var turn = 0; turn < 4_000; turn++) {
            // an event is done once, so later turns use later positions
            var position = turn / 8 + 1 + random.nextInt(100);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> {
                    if (!done.contains(position)) {
                        var row = row(laneOf(position), position, random.nextInt(9));
                        overlay.put(row);
                        expected.put(row.position(), row);
                    }
                }
                case 3, 4 -> {
                    done.add(position);
                    overlay.done(new JournalPosition(position));
                    expected.remove(new JournalPosition(position));
                }
                case 5 -> save();
                default -> assertFirstRows(laneOf(position), List.copyOf(expected.values()));
            }
        }
    }

    private void assertFirstRows(String lane, List<DeferredDelivery> all) {
        var expected = all.stream().filter(row -> row.lane().equals(lane)).toList();
        var rows = new ArrayList<DeferredDelivery>();
        overlay.step(lane, found -> {
            rows.clear();
            rows.addAll(found);
            return sendFirst(found);
        });
        assertThat(rows.isEmpty()).isEqualTo(expected.isEmpty());
        assertThat(rows).isEqualTo(expected.subList(0, Math.min(rows.size(), expected.size())));
    }

    private static LaneStep sendFirst(List<DeferredDelivery> rows) {
        return rows.isEmpty() ? new LaneStep.Empty() : new LaneStep.Send(rows.getFirst(), List.of());
    }

    private void save() {
        store.save(CRM, DeliveryPosition.at(JournalPosition.START), overlay.changedRows(), overlay.doneRows());
        overlay.onSaved();
    }

    private static String laneOf(int position) {
        return position % 3 == 0 ? "bob" : "ada";
    }

    private static DeferredDelivery row(String lane, int position, int attempts) {
        return new DeferredDelivery(
                CRM,
                new JournalPosition(position),
                lane,
                attempts,
                Optional.empty(),
                Instant.EPOCH,
                false,
                Optional.empty());
    }
}

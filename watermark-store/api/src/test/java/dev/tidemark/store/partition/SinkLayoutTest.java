package dev.tidemark.store.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.JournalPosition;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SinkLayoutTest {
    private static final JournalPosition FIVE = new JournalPosition(5);
    private static final DeliveryPosition BEFORE = DeliveryPosition.at(new JournalPosition(4));
    private static final DeliveryPosition AFTER = DeliveryPosition.at(FIVE);

    @Test
    void an_event_without_a_partition_is_not_done() {
        assertThat(SinkLayout.isDone(List.of(), FIVE)).isFalse();
    }

    @Test
    void an_event_is_done_if_all_its_partitions_are() {
        assertThat(SinkLayout.isDone(List.of(AFTER), FIVE)).isTrue();
        assertThat(SinkLayout.isDone(List.of(AFTER, BEFORE), FIVE)).isFalse();
    }
}

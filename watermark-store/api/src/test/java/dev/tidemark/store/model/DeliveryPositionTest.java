package dev.tidemark.store.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.DeliveryPosition.Range;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DeliveryPositionTest {
    @Test
    void exactly_the_events_of_the_ranges_are_done() {
        var random = new Random(5);
        for (var count = 0; count < 40; count++) {
            var ranges = new ArrayList<Range>();
            var done = new HashSet<Long>(List.of(1L, 2L, 3L));
            var next = 5L;
            for (var i = 0; i < count; i++) {
                var last = next + random.nextInt(3);
                ranges.add(new Range(new JournalPosition(next), new JournalPosition(last)));
                for (var place = next; place <= last; place++) {
                    done.add(place);
                }
                next = last + 2 + random.nextInt(3);
            }
            var position = new DeliveryPosition(new JournalPosition(3), ranges);
            for (var place = 1L; place < next + 3; place++) {
                assertThat(position.isDone(new JournalPosition(place)))
                        .as("%s in %s", place, ranges)
                        .isEqualTo(done.contains(place));
            }
        }
    }
}

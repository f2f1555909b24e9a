package dev.tidemark.forwarder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.DeliveryPosition.Range;
import dev.tidemark.store.model.JournalPosition;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SinkPositionTrackerTest {
    @Test
    void everything_read_and_not_pending_is_done() {
        var progress = new SinkPositionTracker(DeliveryPosition.at(at(10)));
        for (var place = 11; place <= 20; place++) {
            assertThat(progress.advance(at(place))).isTrue();
        }
        progress.pending(at(13));
        progress.pending(at(14));
        progress.pending(at(20));
        assertThat(progress.position()).isEqualTo(position(12, 15, 19));
        progress.done(at(13));
        assertThat(progress.position()).isEqualTo(position(13, 15, 19));
        progress.done(at(14));
        assertThat(progress.position()).isEqualTo(DeliveryPosition.at(at(19)));
        progress.done(at(20));
        assertThat(progress.position()).isEqualTo(DeliveryPosition.at(at(20)));
    }

    @Test
    void what_an_earlier_run_completed_ahead_is_not_dealt_with_again() {
        var progress = new SinkPositionTracker(position(10, 12, 14));
        assertThat(progress.advance(at(11))).isTrue();
        progress.pending(at(11));
        assertThat(progress.position()).isEqualTo(position(10, 12, 14));
        assertThat(progress.advance(at(12))).isFalse();
        assertThat(progress.position()).isEqualTo(position(10, 12, 14));
        progress.done(at(11));
        assertThat(progress.position()).isEqualTo(DeliveryPosition.at(at(14)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void over_any_number_of_restarts_each_event_is_dealt_with_once_at_least_and_done_ones_never_again(long seed) {
        var random = new Random(seed);
        var done = new TreeSet<Long>();
        var saved = DeliveryPosition.at(JournalPosition.START);
        for (var run = 0; run < 20; run++) {
            var progress = new SinkPositionTracker(saved);
            var pending = new TreeSet<Long>();
            for (var place = progress.read().value() + 1; place <= 60 && random.nextInt(30) > 0; place++) {
                if (progress.advance(at(place))) {
                    assertThat(done).doesNotContain(place);
                    progress.pending(at(place));
                    pending.add(place);
                } else {
                    assertThat(done).contains(place);
                }
            }
            for (var place : List.copyOf(pending)) {
                if (random.nextInt(3) == 0) {
                    progress.done(at(place));
                    done.add(place);
                }
            }
            saved = progress.position();
            assertApart(saved);
            assertThat(places(saved)).isEqualTo(done);
        }
    }

    private static void assertApart(DeliveryPosition position) {
        var after = position.upTo();
        for (var range : position.beyond()) {
            assertThat(range.first().value()).isGreaterThan(after.value() + 1);
            assertThat(range.last()).isGreaterThanOrEqualTo(range.first());
            after = range.last();
        }
    }

    private static Set<Long> places(DeliveryPosition position) {
        var places = new TreeSet<Long>();
        add(places, 1, position.upTo().value());
        position.beyond()
                .forEach(
                        range -> add(places, range.first().value(), range.last().value()));
        return places;
    }

    private static void add(Set<Long> places, long first, long last) {
        for (var place = first; place <= last; place++) {
            places.add(place);
        }
    }

    private static DeliveryPosition position(long upTo, long first, long last) {
        return new DeliveryPosition(at(upTo), List.of(new Range(at(first), at(last))));
    }

    private static JournalPosition at(long place) {
        return new JournalPosition(place);
    }
}

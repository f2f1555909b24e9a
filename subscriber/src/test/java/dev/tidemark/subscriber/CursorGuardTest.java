package dev.tidemark.subscriber;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CursorGuardTest {
    private static final int MANY = 100_000;

    /// Returns the number of pages until the guard tripped.
    private static int pages(Optional<String> start, IntFunction<String> places, IntFunction<List<String>> contents) {
        var guard = new CursorGuard(start);
        for (var page = 1; page <= MANY; page++) {
            if (!guard.advances(places.apply(page), contents.apply(page))) {
                return page;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Test
    void a_list_of_many_pages_comes_to_its_end() {
        assertThat(pages(Optional.of("start"), page -> "s" + page, page -> List.of("item " + page, "other")))
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void the_place_that_was_asked_from_is_no_progress() {
        assertThat(pages(Optional.of("s"), page -> "s", page -> List.of("item " + page)))
                .isEqualTo(1);
        assertThat(pages(Optional.empty(), page -> "s", page -> List.of("item " + page)))
                .isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 50, 1000})
    void a_circle_is_noticed_soon_whatever_its_length_and_wherever_it_begins(int length) {
        for (var before : List.of(0, 1, 5, 300)) {
            var tripped = pages(
                    Optional.of("start"),
                    page -> page <= before ? "before " + page : "circle " + page % length,
                    page -> List.of("item " + page));
            assertThat(tripped).isLessThanOrEqualTo(3 * Math.max(length, before) + length + 3);
        }
    }

    @Test
    void pages_that_repeat_under_ever_new_places_are_noticed() {
        assertThat(pages(Optional.of("start"), page -> "at " + page, page -> List.of("same", "items")))
                .isLessThan(5);
        assertThat(pages(Optional.of("start"), page -> "at " + page, page -> List.of("item " + page % 3)))
                .isLessThan(20);
    }

    @Test
    void some_empty_pages_pass_but_not_an_endless_row() {
        assertThat(pages(Optional.of("start"), page -> "at " + page, page -> List.of()))
                .isBetween(50, 200);
        assertThat(pages(
                        Optional.of("start"),
                        page -> "at " + page,
                        page -> page % 50 == 0 ? List.of("item " + page) : List.of()))
                .isEqualTo(Integer.MAX_VALUE);
    }
}

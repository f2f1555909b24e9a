package dev.tidemark.store.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RowOrderTest {
    private static final List<String> PARTS =
            List.of("", "a", "b", "z", "0", "@", "\0", "~", "\u007f", "\u00e9", "\ud83d\ude00", "mailbox-");

    private final Random random = new Random(1);

    private String text() {
        var text = new StringBuilder();
        for (var left = random.nextInt(9); left > 0; left--) {
            text.append(PARTS.get(random.nextInt(PARTS.size())));
        }
        return text.toString();
    }

    private static void assertInOrder(SortedMap<String, Integer> rows) {
        var entries = new ArrayList<RowOrder.Entry>();
        rows.forEach((text, row) -> entries.add(new RowOrder.Entry(text, row)));
        entries.sort((one, other) -> Integer.compare(one.row(), other.row()));
        var order = RowOrder.of(entries);
        var place = 0;
        for (var entry : rows.entrySet()) {
            assertThat(order.text(place)).isEqualTo(entry.getKey());
            assertThat(order.place(entry.getValue())).isEqualTo(place++);
        }
    }

    @Test
    void texts_of_any_letters_are_in_the_order_of_java() {
        for (var round = 0; round < 50; round++) {
            for (var prefix : List.of("", "mailbox-", "\u00e9")) {
                var rows = new TreeMap<String, Integer>();
                for (var row = 0; row < 300; row++) {
                    rows.put(prefix + text(), row);
                }
                assertInOrder(rows);
            }
        }
    }

    @Test
    void an_empty_list_has_an_order() {
        assertThat(RowOrder.of(List.of()).placeBehind("a")).isZero();
        assertThat(RowOrder.of(List.of()).place(0)).isNegative();
    }
}

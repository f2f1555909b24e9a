package dev.tidemark.store.listing;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Order of rows by a text that is unique. Immutable.
public final class RowOrder {
    private static final int NONE = -1;
    private static final int LETTER_BITS = 7;
    private static final int LAST_ASCII = (1 << LETTER_BITS) - 1;
    private static final int KEY_LETTERS = 5;
    private static final int INDEX_BITS = Long.SIZE - 1 - KEY_LETTERS * LETTER_BITS;
    private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

    private final String[] sorted;
    private final int[] places;

    private RowOrder(String[] sorted, int[] places) {
        this.sorted = sorted;
        this.places = places;
    }

    /// Text of a row.
    record Entry(String text, int row) {}

    static RowOrder of(List<Entry> entries) {
        var inOrder = sorted(entries);
        var places = new int[entries.stream().mapToInt(Entry::row).max().orElse(NONE) + 1];
        Arrays.fill(places, NONE);
        for (var place = 0; place < inOrder.length; place++) {
            places[inOrder[place].row()] = place;
        }
        return new RowOrder(Arrays.stream(inOrder).map(Entry::text).toArray(String[]::new), places);
    }

    /// Sorts by numbers made of the first letters that differ, because comparing texts reads scattered memory.
    private static Entry[] sorted(List<Entry> entries) {
        var prefix = commonPrefix(entries);
        var keys = new long[entries.size()];
        for (var index = 0; index < keys.length; index++) {
            keys[index] = beginning(entries.get(index).text(), prefix) << INDEX_BITS | index;
        }
        Arrays.sort(keys);
        var sorted = new Entry[keys.length];
        for (var place = 0; place < keys.length; place++) {
            sorted[place] = entries.get((int) (keys[place] & INDEX_MASK));
        }
        sortEqual(keys, sorted);
        return sorted;
    }

    /// Sorts the texts with equal beginnings.
    private static void sortEqual(long[] keys, Entry[] sorted) {
        for (var from = 0; from < keys.length; ) {
            var to = from + 1;
            while (to < keys.length && keys[to] >> INDEX_BITS == keys[from] >> INDEX_BITS) {
                to++;
            }
            if (to - from > 1) {
                Arrays.sort(sorted, from, to, Comparator.comparing(Entry::text));
            }
            from = to;
        }
    }

    private static int commonPrefix(List<Entry> entries) {
        if (entries.isEmpty()) {
            return 0;
        }
        var first = entries.getFirst().text();
        var length = first.length();
        for (var entry : entries) {
            var text = entry.text();
            length = Math.min(length, text.length());
            for (var at = 0; at < length; at++) {
                if (text.charAt(at) != first.charAt(at)) {
                    length = at;
                }
            }
        }
        return length;
    }

    /// Returns a number made of the letters after `from`; a later text never has a smaller one. Ends with the first
    /// letter beyond ASCII.
    private static long beginning(String text, int from) {
        var value = 0L;
        var isCut = false;
        for (var at = from; at < from + KEY_LETTERS; at++) {
            var letter = isCut || at >= text.length() ? 0 : Math.min(text.charAt(at), LAST_ASCII);
            isCut |= letter == LAST_ASCII;
            value = value << LETTER_BITS | letter;
        }
        return value;
    }

    /// Returns the place of a row; negative if the row was free.
    public int place(int row) {
        return row < places.length ? places[row] : NONE;
    }

    /// Returns the text at a place.
    public String text(int place) {
        return sorted[place];
    }

    /// Returns the first place whose text is greater than `text`.
    public int placeBehind(String text) {
        var found = Arrays.binarySearch(sorted, text);
        return found < 0 ? -found - 1 : found + 1;
    }
}

package dev.tidemark.store.listing;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Order of rows by a text that is unique. Immutable.
public final class RowOrder {
    private static final int NONE = -1;

    private final String[] sorted;
    private final int[] places;

    private RowOrder(String[] sorted, int[] places) {
        this.sorted = sorted;
        this.places = places;
    }

    /// Text of a row.
    record Entry(String text, int row) {}

    static RowOrder of(List<Entry> entries) {
        var inOrder = entries.toArray(Entry[]::new);
        Arrays.sort(inOrder, Comparator.comparing(Entry::text));
        var places = new int[entries.stream().mapToInt(Entry::row).max().orElse(NONE) + 1];
        Arrays.fill(places, NONE);
        for (var place = 0; place < inOrder.length; place++) {
            places[inOrder[place].row()] = place;
        }
        return new RowOrder(Arrays.stream(inOrder).map(Entry::text).toArray(String[]::new), places);
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

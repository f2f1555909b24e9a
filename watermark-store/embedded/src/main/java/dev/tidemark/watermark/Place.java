package dev.tidemark.watermark;

import java.util.Comparator;

/// Where H2 keeps a mailbox's row, one for all copies of a cell. Only a hint to write rows in H2's order, so
/// that it touches a page once and not for each of its rows. For use by many threads.
final class Place {
    /// Rows whose place is not known come last.
    static final Comparator<Cell> ORDER =
            Comparator.<Cell>comparingLong(cell -> cell.place.number).thenComparing(cell -> cell.id);

    private volatile long number = Long.MAX_VALUE;

    boolean known() {
        return number < Long.MAX_VALUE;
    }

    void found(long rowNumber) {
        number = rowNumber;
    }
}

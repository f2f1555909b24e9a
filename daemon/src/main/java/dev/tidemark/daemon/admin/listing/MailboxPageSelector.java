package dev.tidemark.daemon.admin.listing;

import dev.tidemark.daemon.admin.listing.MailboxPage.MailboxOrder;
import dev.tidemark.store.listing.MailboxTable;
import dev.tidemark.store.listing.RowOrder;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/// Keeps the first rows of an order behind a key while it counts all. Compares numbers only, and reads no
/// mailbox. Used by the thread of one request.
final class MailboxPageSelector {
    private static final Comparator<Place> IN_ORDER =
            Comparator.comparingInt(Place::rank).thenComparingLong(Place::time).thenComparingInt(Place::text);

    private final MailboxTable table;
    private final MailboxOrder order;
    private final RowOrder texts;
    private final Optional<Place> after;
    private final int limit;

    /// the head is the last one in the order
    private final PriorityQueue<Place> first = new PriorityQueue<>(IN_ORDER.reversed());

    private long total;

    /// Place of a row in the order.
    ///
    /// @param text place among the texts, which decides if the other fields are equal
    record Place(int row, int rank, long time, int text) {}

    /// @param after key that all selected rows follow; empty for the first page
    MailboxPageSelector(MailboxTable table, MailboxOrder order, Optional<MailboxSortKey> after, int limit) {
        this.table = table;
        this.order = order;
        this.texts = order.texts(table);
        this.after =
                after.map(key -> new Place(MailboxTable.FREE, key.rank(), key.time(), texts.placeBehind(key.text())));
        this.limit = limit;
    }

    void add(int row) {
        total++;
        var rank = order.rank(table, row);
        var time = order.time(table, row);
        var text = texts.place(row);
        // a mailbox that was enrolled during this request has no place yet
        if (text < 0 || (after.isPresent() && isBefore(rank, time, text, after.get()))) {
            return;
        }
        if (first.size() < limit) {
            first.add(new Place(row, rank, time, text));
        } else if (isBefore(rank, time, text, first.element())) {
            first.remove();
            first.add(new Place(row, rank, time, text));
        }
    }

    private static boolean isBefore(int rank, long time, int text, Place other) {
        if (rank != other.rank()) {
            return rank < other.rank();
        }
        return time == other.time() ? text < other.text() : time < other.time();
    }

    List<Place> sorted() {
        return first.stream().sorted(IN_ORDER).toList();
    }

    /// Returns the text that the row had when it was selected.
    String text(Place place) {
        return texts.text(place.text());
    }

    /// Returns the number of all rows, those before the key included.
    long total() {
        return total;
    }
}

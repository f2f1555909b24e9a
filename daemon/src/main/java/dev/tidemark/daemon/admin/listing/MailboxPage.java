package dev.tidemark.daemon.admin.listing;

import dev.tidemark.store.listing.MailboxTable;
import dev.tidemark.store.listing.RowOrder;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.MailboxSummary;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Page of a sorted list of mailboxes.
///
/// @param total matching mailboxes on all pages
/// @param next position behind this page; empty after the last one
public record MailboxPage(List<Mailbox> items, long total, Optional<String> next) {
    public MailboxPage {
        items = List.copyOf(items);
    }

    /// Orders of the list of mailboxes.
    public enum MailboxOrder {
        /// By id, which never changes, so that a walk over all pages meets each mailbox once.
        ID,
        ADDRESS,
        /// By the need for an operator, then by the time of the last callback.
        WORST,
        /// Longest silence first.
        HEARD,
        /// Oldest watermark first.
        WATERMARK;

        private static final String ERROR = "with an error";
        private static final List<String> WORST_FIRST =
                List.of("failed", "silent", "degraded", ERROR, "resyncing", "subscribing", "new", "paused", "active");
        private static final int WITH_ERROR = WORST_FIRST.indexOf(ERROR);

        /// by the index of the state's label
        private static final int[] URGENCIES =
                MailboxState.LABELS.stream().mapToInt(WORST_FIRST::indexOf).toArray();

        public static List<String> labels() {
            return Arrays.stream(values()).map(MailboxOrder::label).toList();
        }

        /// Returns the order with this label.
        ///
        /// @param label one of [#labels]
        public static MailboxOrder of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// Returns the order that decides between mailboxes of equal rank and time.
        RowOrder texts(MailboxTable table) {
            return this == ADDRESS ? table.byAddress() : table.byId();
        }

        String text(MailboxSummary mailbox) {
            return this == ADDRESS ? mailbox.address().value() : mailbox.id().value();
        }

        int rank(MailboxTable table, int row) {
            return this == WORST ? urgency(table, row) : 0;
        }

        long time(MailboxTable table, int row) {
            return switch (this) {
                case ID -> 0;
                case ADDRESS -> 0;
                case WORST -> table.lastHeardMillis(row);
                case HEARD -> table.lastHeardMillis(row);
                case WATERMARK -> table.watermarkMillis(row);
            };
        }

        private static int urgency(MailboxTable table, int row) {
            var state = table.state(row);
            var rank = state == MailboxTable.FREE ? URGENCIES.length : URGENCIES[state];
            return table.hasError(row) ? Math.min(rank, WITH_ERROR) : rank;
        }
    }

    /// Selects a page. Compares rows of the table, and reads only the mailboxes of the page.
    ///
    /// @return empty if `after` is not a position of the query's order
    public static Optional<MailboxPage> select(MailboxTable table, MailboxQuery query) {
        var start = query.after().flatMap(position -> MailboxSortKey.of(query.order(), position));
        return query.after().isPresent() && start.isEmpty()
                ? Optional.empty()
                : Optional.of(behind(start, table, query));
    }

    private static MailboxPage behind(Optional<MailboxSortKey> start, MailboxTable table, MailboxQuery query) {
        var filter = new RowFilter(table, query);
        // one more than the page, to know whether another page follows
        var selector = new MailboxPageSelector(table, query.order(), start, query.limit() + 1);
        var rows = table.rows();
        for (var row = 0; row < rows; row++) {
            if (filter.accepts(row)) {
                selector.add(row);
            }
        }
        return page(selector, table, query);
    }

    private static MailboxPage page(MailboxPageSelector selector, MailboxTable table, MailboxQuery query) {
        var sorted = selector.sorted();
        var places = sorted.subList(0, Math.min(query.limit(), sorted.size()));
        // since its selection, a row may have become free, or that of another mailbox or group
        var items = places.stream()
                .flatMap(place -> table
                        .mailbox(place.row())
                        .filter(mailbox -> query.order().text(mailbox).equals(selector.text(place)))
                        .filter(query::stillMatches)
                        .stream())
                .map(MailboxSummary::snapshot)
                .toList();
        return new MailboxPage(items, selector.total(), next(sorted, selector, query));
    }

    private static Optional<String> next(
            List<MailboxPageSelector.Place> sorted, MailboxPageSelector selector, MailboxQuery query) {
        if (sorted.size() <= query.limit()) {
            return Optional.empty();
        }
        var last = sorted.get(query.limit() - 1);
        return Optional.of(new MailboxSortKey(last.rank(), last.time(), selector.text(last)).position(query.order()));
    }
}

package dev.tidemark.daemon.admin.listing;

import dev.tidemark.daemon.admin.listing.MailboxPage.MailboxOrder;
import dev.tidemark.store.model.MailboxSummary;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/// Keeps the first mailboxes of an order behind a key while it counts all. Creates no object per mailbox. Used by the
/// thread of one request.
final class MailboxPageSelector {
    private final MailboxOrder order;
    private final Optional<MailboxSortKey> after;
    private final int limit;
    private final Comparator<MailboxSummary> comparator;

    /// the head is the last one in the order
    private final PriorityQueue<MailboxSummary> first;

    private long total;

    /// @param after key that all selected mailboxes follow; empty for the first page
    MailboxPageSelector(MailboxOrder order, Optional<MailboxSortKey> after, int limit) {
        this.order = order;
        this.after = after;
        this.limit = limit;
        this.comparator = Comparator.<MailboxSummary>comparingInt(order::rank)
                .thenComparingLong(order::time)
                .thenComparing(order::text);
        this.first = new PriorityQueue<>(comparator.reversed());
    }

    void add(MailboxSummary mailbox) {
        total++;
        if (after.isPresent() && !isBehind(mailbox, after.get())) {
            return;
        }
        if (first.size() < limit) {
            first.add(mailbox);
        } else if (comparator.compare(mailbox, first.element()) < 0) {
            first.remove();
            first.add(mailbox);
        }
    }

    private boolean isBehind(MailboxSummary mailbox, MailboxSortKey key) {
        var byRank = Integer.compare(order.rank(mailbox), key.rank());
        var byTime = byRank == 0 ? Long.compare(order.time(mailbox), key.time()) : byRank;
        return (byTime == 0 ? order.text(mailbox).compareTo(key.text()) : byTime) > 0;
    }

    List<MailboxSummary> sorted() {
        return first.stream().sorted(comparator).toList();
    }

    /// Returns the number of all mailboxes, those before the key included.
    long total() {
        return total;
    }
}

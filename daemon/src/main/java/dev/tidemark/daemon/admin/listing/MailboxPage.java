package dev.tidemark.daemon.admin.listing;

import dev.tidemark.store.model.Mailbox;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/// Page of a sorted list of mailboxes.
///
/// @param total matching mailboxes on all pages
/// @param next position behind this page; empty after the last one
public record MailboxPage(List<Mailbox> items, long total, Optional<String> next) {
    public MailboxPage {
        items = List.copyOf(items);
    }

    /// Mailbox with its place in the order.
    private record Entry(MailboxSortKey key, Mailbox mailbox) {}

    /// Selects a page. Keeps only the entries of one page while it walks over all mailboxes.
    ///
    /// @param after position of the page before; empty for the first page
    /// @return empty if `after` is not a position of this order
    public static Optional<MailboxPage> select(
            Stream<Mailbox> mailboxes, MailboxOrder order, Optional<String> after, int limit) {
        var start = after.flatMap(position -> MailboxSortKey.of(order, position));
        return after.isPresent() && start.isEmpty()
                ? Optional.empty()
                : Optional.of(select(mailboxes, order, limit, start));
    }

    private static MailboxPage select(
            Stream<Mailbox> mailboxes, MailboxOrder order, int limit, Optional<MailboxSortKey> start) {
        // the head is the last entry in the order
        var best = new PriorityQueue<>(Comparator.comparing(Entry::key).reversed());
        var total = 0L;
        for (var mailbox : (Iterable<Mailbox>) mailboxes::iterator) {
            total++;
            var entry = new Entry(order.keyOf(mailbox), mailbox);
            if (start.filter(key -> entry.key().compareTo(key) <= 0).isEmpty()) {
                best.add(entry);
            }
            if (best.size() > limit + 1) {
                best.remove();
            }
        }
        var sorted = new ArrayList<>(best);
        sorted.sort(Comparator.comparing(Entry::key));
        var page = sorted.subList(0, Math.min(limit, sorted.size()));
        return new MailboxPage(
                page.stream().map(Entry::mailbox).toList(),
                total,
                sorted.size() > limit ? Optional.of(page.getLast().key().position(order)) : Optional.empty());
    }
}

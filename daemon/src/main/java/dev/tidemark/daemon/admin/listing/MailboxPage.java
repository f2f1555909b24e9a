package dev.tidemark.daemon.admin.listing;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.StoredWatermark;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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

        private static final int WITH_ERROR = 3;

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

        MailboxSortKey keyOf(Mailbox mailbox) {
            var id = mailbox.id().value();
            return switch (this) {
                case ID -> new MailboxSortKey(0, 0, id);
                case ADDRESS -> new MailboxSortKey(0, 0, mailbox.address().value());
                case WORST -> new MailboxSortKey(rank(mailbox), lastHeard(mailbox), id);
                case HEARD -> new MailboxSortKey(0, lastHeard(mailbox), id);
                case WATERMARK ->
                    new MailboxSortKey(
                            0,
                            mailbox.watermark()
                                    .map(StoredWatermark::takenAt)
                                    .map(Instant::toEpochMilli)
                                    .orElse(0L),
                            id);
            };
        }

        private static long lastHeard(Mailbox mailbox) {
            return mailbox.lastHeardAt().map(Instant::toEpochMilli).orElse(0L);
        }

        private static int rank(Mailbox mailbox) {
            var rank = switch (mailbox.state()) {
                case MailboxState.Failed ignored -> 0;
                case MailboxState.Silent ignored -> 1;
                case MailboxState.Degraded ignored -> 2;
                case MailboxState.Resyncing ignored -> 4;
                case MailboxState.Subscribing ignored -> 5;
                case MailboxState.New ignored -> 6;
                case MailboxState.Paused ignored -> 7;
                case MailboxState.Active ignored -> 8;
            };
            return mailbox.lastError().isPresent() ? Math.min(rank, WITH_ERROR) : rank;
        }
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

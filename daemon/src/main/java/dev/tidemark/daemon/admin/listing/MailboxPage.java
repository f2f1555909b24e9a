package dev.tidemark.daemon.admin.listing;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.MailboxSummary;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

        MailboxSortKey keyOf(MailboxSummary mailbox) {
            return new MailboxSortKey(rank(mailbox), time(mailbox), text(mailbox));
        }

        int rank(MailboxSummary mailbox) {
            return this == WORST ? urgency(mailbox) : 0;
        }

        long time(MailboxSummary mailbox) {
            return switch (this) {
                case ID -> 0;
                case ADDRESS -> 0;
                case WORST -> mailbox.lastHeardMillis();
                case HEARD -> mailbox.lastHeardMillis();
                case WATERMARK -> watermarkMillis(mailbox);
            };
        }

        String text(MailboxSummary mailbox) {
            return this == ADDRESS ? mailbox.address().value() : mailbox.id().value();
        }

        /// Avoids a mapped Optional, because every request calls this for every mailbox.
        private static long watermarkMillis(MailboxSummary mailbox) {
            var watermark = mailbox.watermark();
            return watermark.isPresent() ? watermark.get().takenAt().toEpochMilli() : 0;
        }

        private static int urgency(MailboxSummary mailbox) {
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

    /// Selects a page. Keeps only the mailboxes of one page while it walks over all, and copies only those.
    ///
    /// @param after position of the page before; empty for the first page
    /// @return empty if `after` is not a position of this order
    public static Optional<MailboxPage> select(
            Stream<MailboxSummary> mailboxes, MailboxOrder order, Optional<String> after, int limit) {
        var start = after.flatMap(position -> MailboxSortKey.of(order, position));
        return after.isPresent() && start.isEmpty()
                ? Optional.empty()
                : Optional.of(behind(start, mailboxes, order, limit));
    }

    private static MailboxPage behind(
            Optional<MailboxSortKey> start, Stream<MailboxSummary> mailboxes, MailboxOrder order, int limit) {
        // one more than the page, to know whether another page follows
        var selector = new MailboxPageSelector(order, start, limit + 1);
        mailboxes.forEach(selector::add);
        var sorted = selector.sorted();
        var page = sorted.subList(0, Math.min(limit, sorted.size()));
        return new MailboxPage(
                page.stream().map(MailboxSummary::snapshot).toList(),
                selector.total(),
                sorted.size() > limit ? Optional.of(order.keyOf(page.getLast()).position(order)) : Optional.empty());
    }
}

package dev.tidemark.daemon.admin.listing;

import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.StoredWatermark;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

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

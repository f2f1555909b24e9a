package dev.tidemark.daemon.admin.listing;

import dev.tidemark.daemon.admin.listing.MailboxPage.MailboxOrder;
import dev.tidemark.store.model.MailboxSummary;
import java.util.Optional;
import java.util.function.Predicate;

/// Selection of mailboxes for a page.
///
/// @param state label of a state
/// @param text part of the address or of the id, in lower case
/// @param after position of the page before; empty for the first page
public record MailboxQuery(
        MailboxOrder order,
        Predicate<String> groups,
        Optional<String> state,
        Optional<String> text,
        Optional<String> after,
        int limit) {
    /// Returns true if group and texts of a mailbox still match. They may have changed since its row was selected.
    boolean stillMatches(MailboxSummary mailbox) {
        return groups.test(mailbox.membership().group())
                && text.filter(part -> !contains(mailbox, part)).isEmpty();
    }

    private static boolean contains(MailboxSummary mailbox, String part) {
        return mailbox.address().value().contains(part) || mailbox.id().value().contains(part);
    }
}

package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.access.AccessScope;
import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.Mailbox;
import java.util.Optional;
import java.util.function.Predicate;

/// Hides events and mailboxes outside a scope. A limited scope covers neither events of the instance nor events of
/// removed mailboxes, because these belong to no group.
record ScopeFilter(MailboxRegistry mailboxes, AccessScope scope) implements Predicate<JournalEvent> {
    private static final int CHUNK = 500;

    @Override
    public boolean test(JournalEvent event) {
        return !scope.isLimited()
                || switch (event.source()) {
                    case EventSource.OfMailbox of ->
                        mailboxes.find(of.id()).filter(this::covers).isPresent();
                    case EventSource.OfInstance ignored -> false;
                };
    }

    boolean covers(Mailbox mailbox) {
        return scope.covers(mailbox.membership().group());
    }

    /// Returns whether the scope covers a dead letter. A limited scope requires a search, because dead letters are
    /// stored by time.
    boolean coversLetter(DeliveryStore deliveries, String id) {
        if (!scope.isLimited()) {
            return true;
        }
        Optional<DeadLetter.PageKey> after = Optional.empty();
        while (true) {
            var page = deliveries.deadLetters(Optional.empty(), after, CHUNK);
            var found = page.stream().filter(letter -> letter.id().equals(id)).findFirst();
            if (found.isPresent() || page.size() < CHUNK) {
                return found.filter(letter -> test(letter.event())).isPresent();
            }
            after = Optional.of(page.getLast().pageKey());
        }
    }
}

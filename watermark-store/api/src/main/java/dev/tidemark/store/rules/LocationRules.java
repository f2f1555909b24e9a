package dev.tidemark.store.rules;

import dev.tidemark.store.MailboxLocationStore;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.LocationQueries;
import dev.tidemark.store.model.MailboxId;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Implements [MailboxLocationStore] on the committed state and in memory: there are few addresses, each kept
/// once, however many mailboxes share it.
final class LocationRules implements MailboxLocationStore {
    private static final String NO_GROUPING = "";

    private final CommittedState ledger;
    private final LocationQueries stored;
    private final Map<String, URI> urls = new ConcurrentHashMap<>();
    private final Map<String, Optional<String>> groupings = new ConcurrentHashMap<>();
    private final Map<MailboxId, MailboxLocation> places = new ConcurrentHashMap<>();

    LocationRules(CommittedState ledger, LocationQueries stored) {
        this.ledger = ledger;
        this.stored = stored;
    }

    void load() {
        stored.all().forEach(row -> places.put(row.mailbox(), shared(row.place())));
    }

    @Override
    public Optional<MailboxLocation> find(MailboxId mailbox) {
        return Optional.ofNullable(places.get(mailbox));
    }

    @Override
    public void put(Map<MailboxId, MailboxLocation> found) {
        ledger.change(draft -> {
            found.forEach((mailbox, place) -> draft.add(new Change.MailboxLocationSaved(mailbox, place)));
            return draft;
        });
        found.forEach((mailbox, place) -> places.put(mailbox, shared(place)));
    }

    private MailboxLocation shared(MailboxLocation place) {
        return new MailboxLocation(
                urls.computeIfAbsent(place.url().toString(), ignored -> place.url()),
                groupings.computeIfAbsent(place.grouping().orElse(NO_GROUPING), ignored -> place.grouping()),
                place.takenAt());
    }
}

package dev.tidemark.store.rules;

import dev.tidemark.store.MailboxLocationStore;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.LocationQueries;
import dev.tidemark.store.model.MailboxId;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Implements [MailboxLocationStore] on the committed state and in memory. There are few addresses; mailboxes with
/// the same address share one object.
final class LocationRules implements MailboxLocationStore {
    private static final String NO_GROUPING = "";

    private final CommittedState committed;
    private final LocationQueries stored;
    private final Map<String, URI> urls = new ConcurrentHashMap<>();
    private final Map<String, Optional<String>> groupings = new ConcurrentHashMap<>();
    private final Map<MailboxId, MailboxLocation> locations = new ConcurrentHashMap<>();

    LocationRules(CommittedState committed, LocationQueries stored) {
        this.committed = committed;
        this.stored = stored;
        committed.memory().addFollower(this::follow);
    }

    void load() {
        stored.all().forEach(this::follow);
    }

    private void follow(Change change) {
        if (change instanceof Change.MailboxLocationSaved(var mailbox, var location)) {
            locations.put(mailbox, shared(location));
        }
    }

    @Override
    public Optional<MailboxLocation> find(MailboxId mailbox) {
        return Optional.ofNullable(locations.get(mailbox))
                .filter(location -> !committed.forgotten().containsKey(mailbox));
    }

    @Override
    public void put(Map<MailboxId, MailboxLocation> found) {
        var kept = committed.change(changeSet -> {
            var wanted = new LinkedHashMap<>(found);
            wanted.keySet().removeAll(committed.forgotten().keySet());
            wanted.forEach((mailbox, location) -> changeSet.add(new Change.MailboxLocationSaved(mailbox, location)));
            return wanted;
        });
        kept.forEach((mailbox, location) -> locations.put(mailbox, shared(location)));
        locations.keySet().removeAll(committed.forgotten().keySet());
    }

    private MailboxLocation shared(MailboxLocation location) {
        return new MailboxLocation(
                urls.computeIfAbsent(location.url().toString(), ignored -> location.url()),
                groupings.computeIfAbsent(location.grouping().orElse(NO_GROUPING), ignored -> location.grouping()),
                location.takenAt());
    }
}

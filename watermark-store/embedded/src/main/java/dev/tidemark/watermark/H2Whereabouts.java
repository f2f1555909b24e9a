package dev.tidemark.watermark;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// [Whereabouts] in a table, and in memory for as long as the store is open: there are few addresses, each
/// kept once, however many mailboxes share it.
final class H2Whereabouts implements Whereabouts {
    private static final String NO_GROUPING = "";

    private final Ledger ledger;
    private final MailboxLocationTable table;
    private final Map<String, URI> urls = new ConcurrentHashMap<>();
    private final Map<String, Optional<String>> groupings = new ConcurrentHashMap<>();
    private final Map<MailboxId, Place> places = new ConcurrentHashMap<>();

    H2Whereabouts(Ledger ledger, JdbcRunner jdbc) {
        this.ledger = ledger;
        this.table = new MailboxLocationTable(jdbc);
    }

    void load() {
        table.all().forEach(row -> places.put(row.mailbox(), shared(row.place())));
    }

    @Override
    public Optional<Place> find(MailboxId mailbox) {
        return Optional.ofNullable(places.get(mailbox));
    }

    @Override
    public void put(Map<MailboxId, Place> found) {
        ledger.change(draft -> {
            found.forEach((mailbox, place) -> draft.add(new Change.MailboxLocationSaved(mailbox, place)));
            return draft;
        });
        found.forEach((mailbox, place) -> places.put(mailbox, shared(place)));
    }

    private Place shared(Place place) {
        return new Place(
                urls.computeIfAbsent(place.url().toString(), ignored -> place.url()),
                groupings.computeIfAbsent(place.grouping().orElse(NO_GROUPING), ignored -> place.grouping()),
                place.takenAt());
    }
}

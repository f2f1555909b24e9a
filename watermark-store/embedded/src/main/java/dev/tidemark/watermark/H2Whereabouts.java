package dev.tidemark.watermark;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// [Whereabouts] in a table, and in memory for as long as the store is open: there are few addresses, each
/// kept once, however many mailboxes share it.
final class H2Whereabouts implements Whereabouts {
    private static final String SELECT = "SELECT mailbox, url, affinity, taken_at FROM whereabouts";
    private static final String MERGE =
            "MERGE INTO whereabouts (mailbox, url, affinity, taken_at) KEY (mailbox) VALUES (?, ?, ?, ?)";
    private static final String NO_GROUPING = "";

    private final Ledger ledger;
    private final JdbcRunner jdbc;
    private final Map<String, URI> urls = new ConcurrentHashMap<>();
    private final Map<String, Optional<String>> groupings = new ConcurrentHashMap<>();
    private final Map<MailboxId, Place> places = new ConcurrentHashMap<>();

    H2Whereabouts(Ledger ledger, JdbcRunner jdbc) {
        this.ledger = ledger;
        this.jdbc = jdbc;
    }

    void load() {
        jdbc.query(
                        SELECT,
                        row -> Map.entry(
                                new MailboxId(row.text(1)),
                                new Place(URI.create(row.text(2)), grouping(row.text(3)), row.instant(4))))
                .forEach(entry -> places.put(entry.getKey(), shared(entry.getValue())));
    }

    @Override
    public Optional<Place> find(MailboxId mailbox) {
        return Optional.ofNullable(places.get(mailbox));
    }

    @Override
    public void put(Map<MailboxId, Place> found) {
        ledger.change(draft -> {
            draft.also(tx -> found.forEach((mailbox, place) -> tx.update(
                    MERGE,
                    mailbox.value(),
                    place.url().toString(),
                    place.grouping().orElse(NO_GROUPING),
                    place.takenAt())));
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

    private static Optional<String> grouping(String text) {
        return Optional.of(text).filter(value -> !value.equals(NO_GROUPING));
    }
}

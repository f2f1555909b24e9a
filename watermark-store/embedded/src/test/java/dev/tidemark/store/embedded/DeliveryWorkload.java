package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import dev.tidemark.store.model.SinkStatus;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.SyncState;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Random use of all that the index holds, beside a plain map of its rows. A unit of work that a power cut
/// interrupts may have happened or not: then the store must hold one of two maps.
final class DeliveryWorkload {
    private static final SinkName SINK = new SinkName("crm");
    private static final String LANE = "lane";
    private static final int MANY = 100_000;

    private final Random random;
    private final SettableClock clock;
    private final Set<MailboxId> mailboxes =
            new TreeSet<>((one, other) -> one.value().compareTo(other.value()));
    private SortedMap<String, String> rows = new TreeMap<>();
    private SortedMap<String, String> doubtful = rows;
    private final Map<JournalPosition, ItemDetail> details = new HashMap<>();
    private EmbeddedStore store;
    private int letters;
    private int replays;

    DeliveryWorkload(Random random, SettableClock clock) {
        this.random = random;
        this.clock = clock;
    }

    void on(EmbeddedStore opened) {
        store = opened;
    }

    void begin() {
        store.details().groups(Set.of("inboxes"));
        var end = store.journal().end();
        change(() -> store.deliveries().open(SINK), next -> next.putIfAbsent("sink", DeliveryPosition.at(end) + ""));
    }

    /// Does one thing whose outcome is known: after `work` the rows are as `effect` leaves them.
    void change(Runnable work, Consumer<Map<String, String>> effect) {
        doubtful = new TreeMap<>(rows);
        effect.accept(doubtful);
        work.run();
        rows = doubtful;
    }

    void step() {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> deliver();
            case 3 -> bury();
            case 4 -> settle();
            case 5 -> fail();
            case 6 -> useLetter();
            default -> useReplay();
        }
    }

    private void deliver() {
        var up = upTo();
        var end = store.journal().end().value();
        var to = DeliveryPosition.at(new JournalPosition(up + (end > up ? random.nextLong(end - up + 1) : 0)));
        var done = pick("deferred ").map(row -> new JournalPosition(Long.parseLong(row)));
        var row = new DeferredDelivery(
                SINK, to.upTo(), LANE, random.nextInt(9), Optional.empty(), clock.instant(), false, Optional.of("500"));
        change(
                () -> store.deliveries()
                        .save(SINK, to, List.of(row), done.stream().toList()),
                next -> {
                    next.put("sink", to + "");
                    next.put("deferred " + to.upTo().value(), row.attempts() + "");
                    done.ifPresent(place -> next.remove("deferred " + place.value()));
                });
    }

    private long upTo() {
        return store.deliveries().open(SINK).upTo().value();
    }

    private void bury() {
        var some = store.journal().read(new JournalPosition(Math.max(0, upTo() - 1)), 1);
        if (!some.isEmpty()) {
            var letter = new DeadLetter("dl_" + letters++, SINK, some.getFirst(), "410", 3, clock.instant());
            change(() -> store.deliveries().bury(letter), next -> {
                next.put("letter " + letter.id(), "false");
                next.remove("deferred " + letter.event().position().value());
            });
        }
    }

    private void settle() {
        var some = store.journal()
                .read(new JournalPosition(Math.max(0, store.journal().end().value() - 3)), 3);
        var settled = new HashMap<JournalPosition, ItemDetail>();
        some.stream()
                .filter(event -> !details.containsKey(event.position()))
                .forEach(event -> settled.put(
                        event.position(),
                        random.nextBoolean() ? new ItemDetail.NotFound() : new ItemDetail.Unavailable()));
        store.details().settle(settled);
        details.putAll(settled);
    }

    private void fail() {
        var failing = random.nextBoolean();
        var status = new SinkStatus(Optional.empty(), failing, false, Optional.of("It fails."));
        change(() -> store.deliveries().saveStatus(SINK, status), next -> next.put("disabled", failing + ""));
    }

    private void useLetter() {
        pick("letter ").ifPresent(id -> {
            if (random.nextInt(3) == 0) {
                change(() -> store.deliveries().dropDeadLetter(id), next -> next.remove("letter " + id));
            } else {
                change(() -> store.replays().recall(id), next -> next.put("letter " + id, "true"));
            }
        });
    }

    private void useReplay() {
        var id = pick("replay ");
        var place = random.nextLong(1000);
        if (id.isEmpty()) {
            var fresh = new SinkReplay(
                    "r" + replays++,
                    SINK,
                    clock.instant(),
                    new JournalPosition(place),
                    new JournalPosition(MANY),
                    Optional.empty(),
                    Optional.empty(),
                    10,
                    new SinkReplay.ReplayCounts(0, 9));
            change(() -> store.replays().begin(fresh), next -> next.put("replay " + fresh.id(), place + ""));
        } else if (random.nextInt(4) == 0) {
            change(() -> store.replays().end(id.get()), next -> next.remove("replay " + id.get()));
        } else {
            change(
                    () -> store.replays().advance(id.get(), new JournalPosition(place), 1),
                    next -> next.put("replay " + id.get(), place + ""));
        }
    }

    /// Stores a page of a folder, whose state is then `state`.
    void page(RecoveredPage page) {
        mailboxes.add(page.mailbox());
        change(
                () -> store.resyncs().store(page),
                next -> next.put(key(page.mailbox(), page.folder()), text(page.next())));
    }

    void forget(MailboxId mailbox, String folder) {
        change(() -> store.resyncs().forget(mailbox, folder), next -> next.remove(key(mailbox, folder)));
    }

    private static String key(MailboxId mailbox, String folder) {
        return "state " + mailbox + " " + folder;
    }

    private static String text(SyncState state) {
        return state.value().length() + " " + state.value().hashCode();
    }

    /// Removes old events that are delivered.
    void prune() {
        var to = store.deliveries().deliveredByAll();
        store.journal().prune(clock.instant().minus(Duration.ofMinutes(5)), to, 50);
    }

    /// Requires that the store holds all that was promised, and not more than one unit besides.
    void check() {
        var read = read();
        assertThat(read).isIn(rows, doubtful);
        rows = read;
        doubtful = read;
        var oldest = store.journal().oldest();
        details.keySet().removeIf(place -> place.compareTo(oldest) <= 0);
        details.forEach((place, detail) -> assertThat(store.details().at(place)).contains(detail));
    }

    private SortedMap<String, String> read() {
        var read = new TreeMap<String, String>();
        var deliveries = store.deliveries();
        if (doubtful.containsKey("sink")) {
            read.put("sink", deliveries.open(SINK) + "");
        }
        Optional.of(deliveries.status(SINK))
                .filter(status -> status.lastError().isPresent())
                .ifPresent(status -> read.put("disabled", status.disabled() + ""));
        deliveries
                .deferred(SINK, LANE, MANY)
                .forEach(row -> read.put("deferred " + row.position().value(), row.attempts() + ""));
        deliveries
                .deadLetters(Optional.empty(), Optional.empty(), MANY)
                .forEach(letter -> read.put("letter " + letter.id(), "false"));
        store.replays().recalled(SINK, MANY).forEach(letter -> read.put("letter " + letter.id(), "true"));
        store.replays()
                .running()
                .forEach(replay ->
                        read.put("replay " + replay.id(), replay.after().value() + ""));
        mailboxes.forEach(id ->
                store.resyncs().states(id).forEach((folder, state) -> read.put(key(id, folder), text(state.state()))));
        return read;
    }

    /// Returns the rest of any key that begins so.
    private Optional<String> pick(String prefix) {
        var found = rows.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .collect(Collectors.toList());
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(random.nextInt(found.size())));
    }
}

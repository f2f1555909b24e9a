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

/// Random use of all tables of the index, beside a plain map of its rows. A unit of work that a power cut
/// interrupts may or may not have happened: then the store must hold one of two maps.
final class DeliveryWorkload {
    private static final SinkName SINK = new SinkName("crm");
    private static final String LANE = "lane";
    private static final int MANY = 100_000;

    private final Random random;
    private final SettableClock clock;
    private final Set<MailboxId> mailboxes =
            new TreeSet<>((one, other) -> one.value().compareTo(other.value()));
    private SortedMap<String, String> rows = new TreeMap<>();
    private SortedMap<String, String> possibleRows = rows;
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
        store.details().setGroups(Set.of("inboxes"));
        var end = store.journal().end();
        change(() -> store.deliveries().open(SINK), next -> next.putIfAbsent("sink", DeliveryPosition.at(end) + ""));
    }

    /// Runs one task with a known outcome: after `work`, the rows must match the result of `effect`.
    void change(Runnable work, Consumer<Map<String, String>> effect) {
        possibleRows = new TreeMap<>(rows);
        effect.accept(possibleRows);
        work.run();
        rows = possibleRows;
    }

    void step() {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> deliver();
            case 3 -> saveDeadLetter();
            case 4 -> saveDetail();
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
                    done.ifPresent(position -> next.remove("deferred " + position.value()));
                });
    }

    private long upTo() {
        return store.deliveries().open(SINK).upTo().value();
    }

    private void saveDeadLetter() {
        var some = store.journal().read(new JournalPosition(Math.max(0, upTo() - 1)), 1);
        if (!some.isEmpty()) {
            var letter = new DeadLetter("dl_" + letters++, SINK, some.getFirst(), "410", 3, clock.instant());
            change(() -> store.deliveries().saveDeadLetter(letter), next -> {
                next.put("letter " + letter.id(), "false");
                next.remove("deferred " + letter.event().position().value());
            });
        }
    }

    private void saveDetail() {
        var some = store.journal()
                .read(new JournalPosition(Math.max(0, store.journal().end().value() - 3)), 3);
        var newDetails = new HashMap<JournalPosition, ItemDetail>();
        some.stream()
                .filter(event -> !details.containsKey(event.position()))
                .forEach(event -> newDetails.put(
                        event.position(),
                        random.nextBoolean() ? new ItemDetail.NotFound() : new ItemDetail.Unavailable()));
        store.details().save(newDetails);
        details.putAll(newDetails);
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
        var position = random.nextLong(1000);
        if (id.isEmpty()) {
            var newer = new SinkReplay(
                    "r" + replays++,
                    SINK,
                    clock.instant(),
                    new JournalPosition(position),
                    new JournalPosition(MANY),
                    Optional.empty(),
                    Optional.empty(),
                    10,
                    new SinkReplay.ReplayCounts(0, 9));
            change(() -> store.replays().begin(newer), next -> next.put("replay " + newer.id(), position + ""));
        } else if (random.nextInt(4) == 0) {
            change(() -> store.replays().end(id.get()), next -> next.remove("replay " + id.get()));
        } else {
            change(
                    () -> store.replays().advance(id.get(), new JournalPosition(position), 1),
                    next -> next.put("replay " + id.get(), position + ""));
        }
    }

    /// Stores a page of a folder, which sets its state to `state`.
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

    /// Removes old delivered events.
    void prune() {
        var to = store.deliveries().deliveredByAll();
        store.journal().prune(clock.instant().minus(Duration.ofMinutes(5)), to, 50);
    }

    /// Checks that the store holds everything promised, and at most one unit more.
    void check() {
        var read = read();
        assertThat(read).isIn(rows, possibleRows);
        rows = read;
        possibleRows = read;
        var oldest = store.journal().oldest();
        details.keySet().removeIf(position -> position.compareTo(oldest) <= 0);
        details.forEach(
                (position, detail) -> assertThat(store.details().find(position)).contains(detail));
    }

    private SortedMap<String, String> read() {
        var read = new TreeMap<String, String>();
        var deliveries = store.deliveries();
        if (possibleRows.containsKey("sink")) {
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

    /// Returns the rest of any key with this prefix.
    private Optional<String> pick(String prefix) {
        var found = rows.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .map(key -> key.substring(prefix.length()))
                .collect(Collectors.toList());
        return found.isEmpty() ? Optional.empty() : Optional.of(found.get(random.nextInt(found.size())));
    }
}

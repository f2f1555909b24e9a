package dev.tidemark.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.ExchangeNotifications;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SyncState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Random use of all ports that a daemon uses, with a record of the store's promises.
final class PowerWorkload {
    private static final int MAILBOXES = 4;
    private static final String LONG = "AAMkADdmMzQ4Mzk1OS0zNmUwLTRhMTAtOGI0Mi05ZDM1MTNjM2YwZDkA-";

    private final Random random;
    private final SettableClock clock;
    private final List<Box> boxes = new ArrayList<>();
    /// events that were readable, by position
    final Map<Long, String> promised = new HashMap<>();
    final Set<String> sent = new HashSet<>();
    private final DeliveryWorkload deliveries;
    private final List<Page> pages = new ArrayList<>();
    private int pageNumber;
    long readUpTo;
    /// position up to which events may be gone; `pruned` is the one up to which they are gone
    long prunable;
    long pruned;
    private final Consumer<EmbeddedStore> snapshot;
    private EmbeddedStore store;

    /// Page of a folder whose storing began.
    ///
    /// @param after end of the journal before
    private record Page(MailboxId mailbox, String folder, SyncState state, Set<String> items, long after) {}

    /// Mailbox from Exchange's view: mail number n arrives at watermark `wn`.
    static final class Box {
        final MailboxId id;
        Optional<AttemptId> attempt = Optional.empty();
        long attempts;
        int arrived;
        int reported;
        /// minimum durable watermark
        int floor;

        Box(MailboxId id) {
            this.id = id;
        }

        String item(int number) {
            return LONG + id + "-m" + number;
        }
    }

    PowerWorkload(Random random, SettableClock clock) {
        this(random, clock, EmbeddedStore::snapshot);
    }

    PowerWorkload(Random random, SettableClock clock, Consumer<EmbeddedStore> snapshot) {
        this.random = random;
        this.snapshot = snapshot;
        this.clock = clock;
        this.deliveries = new DeliveryWorkload(random, clock);
    }

    List<Box> boxes() {
        return boxes;
    }

    /// Uses `opened` from here on.
    void on(EmbeddedStore opened) {
        store = opened;
        deliveries.on(opened);
    }

    void enrol() {
        for (var i = boxes.size(); i < MAILBOXES; i++) {
            var address = new MailboxAddress("box" + i + "@example.com");
            boxes.add(new Box(store.mailboxes()
                    .enrol(address, new GroupMembership("inboxes", false))
                    .id()));
        }
        deliveries.begin();
    }

    void subscribeAll() {
        boxes.forEach(this::subscribe);
    }

    void step() {
        clock.advance(Duration.ofSeconds(random.nextInt(20)));
        var dice = random.nextInt(100);
        if (dice < 55) {
            push();
        } else if (dice < 63) {
            heartbeat(any());
        } else if (dice < 69) {
            subscribe(any());
        } else if (dice < 76) {
            resync(any());
        } else if (dice < 90) {
            deliveries.step();
        } else if (dice < 93) {
            store.saveHeartbeats();
        } else if (dice < 95) {
            prune();
        } else if (dice < 98) {
            snapshot.accept(store);
        } else {
            var next = new PendingCompensation(SubscribeReason.SILENCE, clock.instant(), false, "");
            store.subscriptions().recordLoss(any().id, "silent", next);
        }
        see();
    }

    /// Records the readable events, which must stay readable.
    void see() {
        for (var event : store.journal().read(new JournalPosition(readUpTo), Integer.MAX_VALUE)) {
            readUpTo = event.position().value();
            promised.put(readUpTo, event.id() + " " + event.sequence());
        }
    }

    /// Checks that the rows of the index match the promises, and that each sync state has its events.
    void check(Set<String> items) {
        deliveries.check();
        var oldest = store.journal().oldest().value();
        for (var page : pages) {
            var state = store.resyncs().state(page.mailbox(), page.folder());
            if (page.after() >= oldest
                    && state.filter(it -> it.state().equals(page.state())).isPresent()) {
                assertThat(items).containsAll(page.items());
            }
        }
        pages.removeIf(page -> page.after() < oldest);
    }

    private Box any() {
        return boxes.get(random.nextInt(boxes.size()));
    }

    private void push() {
        var batch = new ArrayList<VerifiedCallback>();
        var reported = new HashMap<Box, Integer>();
        for (var left = 1 + random.nextInt(random.nextInt(8) == 0 ? 40 : 6); left > 0; left--) {
            var box = any();
            var from = reported.getOrDefault(box, box.reported);
            box.arrived = Math.max(box.arrived, from + 1 + random.nextInt(3));
            batch.add(callback(box, from, box.arrived));
            reported.put(box, box.arrived);
        }
        store.intake().record(batch);
        reported.forEach((box, to) -> {
            box.reported = to;
            box.floor = to;
        });
    }

    private VerifiedCallback callback(Box box, int from, int to) {
        IntStream.rangeClosed(from + 1, to).forEach(number -> sent.add(box.item(number)));
        MailboxEvent[] events = IntStream.rangeClosed(from + 1, to)
                .mapToObj(number -> ExchangeNotifications.mail(box.item(number), "w" + number, clock.instant()))
                .toArray(MailboxEvent[]::new);
        NotificationMessage message = ExchangeNotifications.notification("s" + box.attempts, "w" + from, events);
        return new VerifiedCallback(
                box.attempt.orElseThrow(), ExchangeNotifications.body(message), clock.instant(), "");
    }

    private void heartbeat(Box box) {
        var message = ExchangeNotifications.notification(
                "s" + box.attempts, "w" + box.reported, ExchangeNotifications.status("w" + box.reported));
        store.intake()
                .record(List.of(new VerifiedCallback(
                        box.attempt.orElseThrow(), ExchangeNotifications.body(message), clock.instant(), "")));
    }

    /// Subscribes from the store's watermark; Exchange repeats the later events.
    private void subscribe(Box box) {
        var from = store.mailboxes().find(box.id).orElseThrow().watermark().map(StoredWatermark::value);
        var attempt = store.subscriptions().begin(box.id, SubscribeReason.SILENCE, "print", from);
        if (attempt.number() <= box.attempts) {
            throw new AssertionError("Attempt " + attempt + " was given out before, up to " + box.attempts);
        }
        box.attempts = attempt.number();
        box.attempt = Optional.of(attempt);
        box.reported =
                from.map(mark -> Integer.parseInt(mark.value().substring(1))).orElse(0);
        var response = new SubscribeResult(
                ExchangeNotifications.subscription("s" + attempt.number()),
                Optional.of(ExchangeNotifications.mark("w" + box.reported)));
        store.subscriptions().confirm(attempt, response, Optional.empty());
        if (box.reported < box.arrived) {
            store.intake().record(List.of(callback(box, box.reported, box.arrived)));
            box.reported = box.arrived;
            box.floor = box.reported;
        }
    }

    private void resync(Box box) {
        if (random.nextInt(5) == 0) {
            deliveries.forget(box.id, "f" + random.nextInt(3));
            return;
        }
        store.resyncs().prepare(box.id, clock.instant());
        var page = pageNumber++;
        var items = new HashSet<String>();
        for (var left = random.nextInt(4); left >= 0; left--) {
            items.add(LONG + box.id + "-p" + page + "-" + left);
        }
        sent.addAll(items);
        var changes = items.stream()
                .map(item -> new RecoveredPage.RecoveredChange(
                        ChangeKind.CREATED, ItemId.of(item), Optional.of(FolderId.of("f")), clock.instant()))
                .toList();
        var state = new SyncState("state " + page + " " + LONG.repeat(random.nextInt(300)));
        var folder = "f" + random.nextInt(3);
        pages.add(new Page(box.id, folder, state, items, store.journal().end().value()));
        deliveries.page(new RecoveredPage(box.id, EventOrigin.RESYNC, changes, folder, state, true));
    }

    private void prune() {
        prunable = Math.max(prunable, store.deliveries().deliveredByAll().value());
        deliveries.prune();
        pruned = store.journal().oldest().value();
        promised.keySet().removeIf(position -> position <= pruned);
    }
}

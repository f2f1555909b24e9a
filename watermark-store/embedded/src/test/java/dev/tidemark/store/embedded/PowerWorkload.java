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

/// Everything that a daemon does to its store, at random, and what the store promised by returning from it.
final class PowerWorkload {
    private static final int MAILBOXES = 4;
    private static final String LONG = "AAMkADdmMzQ4Mzk1OS0zNmUwLTRhMTAtOGI0Mi05ZDM1MTNjM2YwZDkA-";

    private final Random random;
    private final SettableClock clock;
    private final List<Box> boxes = new ArrayList<>();
    /// by position, of events that were readable
    final Map<Long, String> promised = new HashMap<>();
    final Set<String> sent = new HashSet<>();
    private final DeliveryWorkload deliveries;
    private final List<Page> pages = new ArrayList<>();
    private int pageNumber;
    long readUpTo;
    /// the position up to which events may be gone, and the one up to which they are
    long prunable;
    long pruned;
    private final Consumer<EmbeddedStore> snapshot;
    private EmbeddedStore store;

    /// Page of a folder whose storing began.
    ///
    /// @param after end of the journal before
    private record Page(MailboxId mailbox, String folder, SyncState state, Set<String> items, long after) {}

    /// A mailbox as Exchange sees it: mail number n arrives at watermark `wn`.
    static final class Box {
        final MailboxId id;
        Optional<AttemptId> attempt = Optional.empty();
        long attempts;
        int arrived;
        int told;
        /// the watermark that is durable at least
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

    /// Works on `opened` from here on.
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
            store.fold();
        } else if (dice < 95) {
            prune();
        } else if (dice < 98) {
            snapshot.accept(store);
        } else {
            var next = new PendingCompensation(SubscribeReason.SILENCE, clock.instant(), false, "");
            store.subscriptions().lost(any().id, "silent", next);
        }
        see();
    }

    /// What has become readable must stay so.
    void see() {
        for (var event : store.journal().read(new JournalPosition(readUpTo), Integer.MAX_VALUE)) {
            readUpTo = event.position().value();
            promised.put(readUpTo, event.id() + " " + event.sequence());
        }
    }

    /// Requires that the rows of the index are as promised, and that no sync state is there without its events.
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
        var told = new HashMap<Box, Integer>();
        for (var left = 1 + random.nextInt(random.nextInt(8) == 0 ? 40 : 6); left > 0; left--) {
            var box = any();
            var from = told.getOrDefault(box, box.told);
            box.arrived = Math.max(box.arrived, from + 1 + random.nextInt(3));
            batch.add(callback(box, from, box.arrived));
            told.put(box, box.arrived);
        }
        store.intake().record(batch);
        told.forEach((box, to) -> {
            box.told = to;
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
                "s" + box.attempts, "w" + box.told, ExchangeNotifications.status("w" + box.told));
        store.intake()
                .record(List.of(new VerifiedCallback(
                        box.attempt.orElseThrow(), ExchangeNotifications.body(message), clock.instant(), "")));
    }

    /// From the watermark that the store holds; what came since is told again.
    private void subscribe(Box box) {
        var from = store.mailboxes().find(box.id).orElseThrow().watermark().map(StoredWatermark::value);
        var attempt = store.subscriptions().begin(box.id, SubscribeReason.SILENCE, "print", from);
        if (attempt.number() <= box.attempts) {
            throw new AssertionError("Attempt " + attempt + " was given out before, up to " + box.attempts);
        }
        box.attempts = attempt.number();
        box.attempt = Optional.of(attempt);
        box.told = from.map(mark -> Integer.parseInt(mark.value().substring(1))).orElse(0);
        var answer = new SubscribeResult(
                ExchangeNotifications.subscription("s" + attempt.number()),
                Optional.of(ExchangeNotifications.mark("w" + box.told)));
        store.subscriptions().confirm(attempt, answer, Optional.empty());
        if (box.told < box.arrived) {
            store.intake().record(List.of(callback(box, box.told, box.arrived)));
            box.told = box.arrived;
            box.floor = box.told;
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

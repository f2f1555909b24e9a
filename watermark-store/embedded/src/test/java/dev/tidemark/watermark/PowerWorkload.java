package dev.tidemark.watermark;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.Subscribed;
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
import java.util.stream.IntStream;

/// Everything that a daemon does to its store, at random, and what the store promised by returning from it.
final class PowerWorkload {
    static final SinkName SINK = new SinkName("crm");
    private static final int MAILBOXES = 4;
    private static final String LONG = "AAMkADdmMzQ4Mzk1OS0zNmUwLTRhMTAtOGI0Mi05ZDM1MTNjM2YwZDkA-";

    private final Random random;
    private final SettableClock clock;
    private final List<Box> boxes = new ArrayList<>();
    /// by position, of events that were readable
    final Map<Long, String> promised = new HashMap<>();
    final Set<String> sent = new HashSet<>();
    final Set<String> buried = new HashSet<>();
    /// numbers of the sync states promised, by mailbox
    final Map<MailboxId, Integer> pages = new HashMap<>();
    /// what was in the newest page that was begun
    private final Map<MailboxId, Set<String>> pageItems = new HashMap<>();
    long readUpTo;
    long prunedUpTo;
    Optional<DeliveryPosition> delivered = Optional.empty();
    private H2Store store;

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
        this.random = random;
        this.clock = clock;
    }

    List<Box> boxes() {
        return boxes;
    }

    /// Works on `opened` from here on.
    void on(H2Store opened) {
        store = opened;
    }

    /// Until here everything may be cut short.
    void enrol() {
        for (var i = boxes.size(); i < MAILBOXES; i++) {
            var address = new MailboxAddress("box" + i + "@example.com");
            boxes.add(new Box(store.mailboxes()
                    .enrol(address, new Membership("inboxes", false))
                    .id()));
        }
        store.deliveries().open(SINK);
    }

    void subscribeAll() {
        boxes.forEach(this::subscribe);
    }

    void step() {
        clock.forward(Duration.ofSeconds(random.nextInt(20)));
        var dice = random.nextInt(100);
        if (dice < 55) {
            push();
        } else if (dice < 63) {
            heartbeat(any());
        } else if (dice < 69) {
            subscribe(any());
        } else if (dice < 76) {
            resync(any());
        } else if (dice < 84) {
            deliver();
        } else if (dice < 88) {
            bury();
        } else if (dice < 92) {
            store.fold();
        } else if (dice < 96) {
            prune();
        } else {
            var next = new Compensation(SubscribeReason.SILENCE, clock.instant(), false, "");
            store.subscriptions().lost(any().id, "silent", next);
        }
        see();
    }

    /// What has become readable must stay so.
    void see() {
        for (var event : store.journal().read(new Position(readUpTo), Integer.MAX_VALUE)) {
            readUpTo = event.position().value();
            promised.put(readUpTo, event.id() + " " + event.sequence());
        }
    }

    /// The items that came with sync state `page`, if it is the newest; unless they may be gone already.
    Set<String> pageItems(MailboxId mailbox, int page) {
        var newest = pageItems.getOrDefault(mailbox, Set.of());
        var here = newest.stream().anyMatch(item -> item.contains("-p" + page + "-"));
        return here && prunedUpTo == 0 ? newest : Set.of();
    }

    private Box any() {
        return boxes.get(random.nextInt(boxes.size()));
    }

    private void push() {
        var batch = new ArrayList<Callback>();
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

    private Callback callback(Box box, int from, int to) {
        IntStream.rangeClosed(from + 1, to).forEach(number -> sent.add(box.item(number)));
        MailboxEvent[] events = IntStream.rangeClosed(from + 1, to)
                .mapToObj(number -> Exchange.mail(box.item(number), "w" + number, clock.instant()))
                .toArray(MailboxEvent[]::new);
        NotificationMessage message = Exchange.notification("s" + box.attempts, "w" + from, events);
        return new Callback(box.attempt.orElseThrow(), Exchange.body(message), clock.instant(), "");
    }

    private void heartbeat(Box box) {
        var message = Exchange.notification("s" + box.attempts, "w" + box.told, Exchange.status("w" + box.told));
        store.intake()
                .record(List.of(new Callback(box.attempt.orElseThrow(), Exchange.body(message), clock.instant(), "")));
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
        var answer = new Subscribed(
                Exchange.subscription("s" + attempt.number()), Optional.of(Exchange.mark("w" + box.told)));
        store.subscriptions().confirm(attempt, answer, Optional.empty());
        if (box.told < box.arrived) {
            store.intake().record(List.of(callback(box, box.told, box.arrived)));
            box.told = box.arrived;
            box.floor = box.told;
        }
    }

    private void resync(Box box) {
        store.resyncs().prepare(box.id, clock.instant());
        var page = pages.getOrDefault(box.id, 0) + 1;
        var changes = new ArrayList<Recovery.Found>();
        var items = new HashSet<String>();
        for (var left = random.nextInt(4); left >= 0; left--) {
            var item = LONG + box.id + "-p" + page + "-" + left;
            items.add(item);
            changes.add(new Recovery.Found(
                    ChangeKind.CREATED, ItemId.of(item), Optional.of(FolderId.of("f")), clock.instant()));
        }
        sent.addAll(items);
        pageItems.put(box.id, items);
        var state = new SyncState("state " + page + " " + LONG.repeat(random.nextInt(300)));
        store.resyncs().store(new Recovery(box.id, Origin.RESYNC, changes, "inbox", state, true));
        pages.put(box.id, page);
    }

    private void deliver() {
        var end = store.journal().end().value();
        var up = delivered.map(it -> it.upTo().value()).orElse(0L);
        var to = DeliveryPosition.at(new Position(up + (end > up ? random.nextLong(end - up + 1) : 0)));
        var row = new DeferredDelivery(
                SINK, to.upTo(), "lane", 1, Optional.empty(), clock.instant(), false, Optional.of("500"));
        store.deliveries().save(SINK, to, List.of(row), List.of(to.upTo()));
        delivered = Optional.of(to);
    }

    private void bury() {
        var some = store.journal().read(new Position(Math.max(0, readUpTo - 1)), 1);
        if (!some.isEmpty()) {
            var id = "dl_" + buried.size() + "_" + readUpTo;
            store.deliveries().bury(new DeadLetter(id, SINK, some.getFirst(), "410", 3, clock.instant()));
            buried.add(id);
        }
    }

    private void prune() {
        var to = store.deliveries().deliveredByAll();
        prunedUpTo = Math.max(prunedUpTo, to.value());
        store.journal().prune(clock.instant().minusSeconds(300), to, 50);
    }
}

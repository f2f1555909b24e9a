package dev.tidemark.compensator;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.MailboxEvent;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.values.SendNotification;
import dev.tidemark.values.SubscribeResult;
import dev.tidemark.values.SubscriptionId;
import dev.tidemark.values.Watermark;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Servers with mailboxes, as a store sees them. A heartbeat follows one status frequency after the last
/// notification of a mailbox; a test sends the mail. A server that restarts forgets its subscriptions.
final class ServerFarm {
    static final Duration STATUS_FREQUENCY = Duration.ofMinutes(30);

    private static final class Box {
        final String server;
        final String address;
        AttemptId attempt;
        String subscription = "";
        boolean alive;
        int mark;
        Instant toldAt = Instant.EPOCH;
        final List<Instant> pending = new ArrayList<>();

        Box(String server, String address, AttemptId attempt) {
            this.server = server;
            this.address = address;
            this.attempt = attempt;
        }
    }

    private final WatermarkStore store;
    private final SettableClock clock;
    private final Map<MailboxId, Box> boxes = new HashMap<>();
    private int items;

    ServerFarm(WatermarkStore store, SettableClock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// Adds `mailboxes` mailboxes whose server calls from `address`; returns their ids.
    List<MailboxId> server(String name, String address, int mailboxes) {
        var ids = new ArrayList<MailboxId>();
        for (var i = 0; i < mailboxes; i++) {
            var mail = new MailboxAddress("box" + i + "@" + name);
            var id = store.mailboxes()
                    .enrol(mail, new GroupMembership("inboxes", false))
                    .id();
            boxes.put(id, new Box(name, address, new AttemptId(id, 1)));
            subscribe(id, SubscribeReason.INITIAL);
            ids.add(id);
        }
        return ids;
    }

    void subscribe(MailboxId id, SubscribeReason reason) {
        var box = boxes.get(id);
        var from = store.mailboxes().find(id).flatMap(found -> found.watermark());
        box.attempt = store.subscriptions().begin(id, reason, "print", from.map(watermark -> watermark.value()));
        box.subscription = subscriptionId(box.server, box.attempt);
        var mark = from.map(watermark -> watermark.value()).orElse(new Watermark("w0"));
        store.subscriptions()
                .confirm(
                        box.attempt,
                        new SubscribeResult(new SubscriptionId(box.subscription), Optional.of(mark)),
                        Optional.empty());
        box.alive = true;
        box.toldAt = clock.instant();
        notifyStore(box);
    }

    void restart(String server) {
        boxes.values().stream().filter(box -> box.server.equals(server)).forEach(box -> box.alive = false);
    }

    void mail(MailboxId id) {
        var box = boxes.get(id);
        box.pending.add(clock.instant());
        notifyStore(box);
    }

    /// Sends the heartbeats that are due.
    void heartbeats() {
        boxes.values().stream()
                .filter(box -> box.alive && !box.toldAt.plus(STATUS_FREQUENCY).isAfter(clock.instant()))
                .forEach(box -> call(box, new MailboxEvent.StatusEvent(Optional.of(next(box)))));
    }

    /// Moves the last callback of a mailbox back, so that heartbeats do not come all at once.
    void moveLastCallback(MailboxId id, Duration ago) {
        boxes.get(id).toldAt = clock.instant().minus(ago);
    }

    private void notifyStore(Box box) {
        if (box.alive) {
            box.pending.forEach(at -> call(box, mail(next(box), at)));
            box.pending.clear();
        }
    }

    private MailboxEvent mail(Watermark mark, Instant at) {
        return new MailboxEvent.ChangeEvent(
                ChangeKind.NEW_MAIL,
                Optional.of(mark),
                Optional.of(at),
                ItemId.of("item" + items++),
                Optional.of(FolderId.of("inbox")),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty());
    }

    private static Watermark next(Box box) {
        return new Watermark("w" + (box.mark + 1));
    }

    private void call(Box box, MailboxEvent event) {
        var body = new Notification(
                new SubscriptionId(box.subscription),
                Optional.of(new Watermark("w" + box.mark++)),
                false,
                List.of(event));
        box.toldAt = clock.instant();
        store.intake()
                .record(List.of(new VerifiedCallback(
                        box.attempt, new SendNotification(List.of(body)), clock.instant(), box.address)));
    }

    private static String subscriptionId(String server, AttemptId attempt) {
        var name = server.getBytes(StandardCharsets.US_ASCII);
        var rest = (attempt.mailbox().value() + attempt.number()).getBytes(StandardCharsets.US_ASCII);
        var bytes = ByteBuffer.allocate(2 + name.length + rest.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putShort((short) name.length).put(name).put(rest);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}

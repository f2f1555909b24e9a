package dev.tidemark.contract;

import static dev.tidemark.contract.ExchangeNotifications.body;
import static dev.tidemark.contract.ExchangeNotifications.mail;
import static dev.tidemark.contract.ExchangeNotifications.mark;
import static dev.tidemark.contract.ExchangeNotifications.notification;
import static dev.tidemark.contract.ExchangeNotifications.subscription;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.SubscribeResult;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Place where a store can be opened repeatedly. A fake that lacks a port overrides the defaults that use it.
public interface StoreHome {
    WatermarkStore open(Clock clock);

    /// Ends the use of `store` like a power cut.
    void cut(WatermarkStore store);

    /// Returns the mailbox that events are about.
    default MailboxId mailbox(WatermarkStore store) {
        return store.mailboxes()
                .enrol(new MailboxAddress("ada@example.com"), new GroupMembership("inboxes", false))
                .id();
    }

    /// Records the next mail of the mailbox at `now`.
    default void receive(WatermarkStore store, MailboxId mailbox, Instant now) {
        var live = store.mailboxes().find(mailbox).orElseThrow().live();
        var attempt = live.orElseGet(() -> subscribe(store, mailbox));
        var watermark =
                store.mailboxes().find(mailbox).orElseThrow().watermark().orElseThrow();
        var from = watermark.value().value();
        var next = Integer.parseInt(from.substring(1)) + 1;
        var message = notification("s1", from, mail("m" + next, "w" + next, now));
        store.intake().record(List.of(new VerifiedCallback(attempt, body(message), now, "192.0.2.1")));
    }

    private static AttemptId subscribe(WatermarkStore store, MailboxId mailbox) {
        var attempt = store.subscriptions().begin(mailbox, SubscribeReason.INITIAL, "print", Optional.empty());
        var response = new SubscribeResult(subscription("s1"), Optional.of(mark("w0")));
        store.subscriptions().confirm(attempt, response, Optional.empty());
        return attempt;
    }
}

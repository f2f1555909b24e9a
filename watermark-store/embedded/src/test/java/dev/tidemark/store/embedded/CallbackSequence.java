package dev.tidemark.store.embedded;

import dev.tidemark.contract.ExchangeNotifications;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.GroupMembership;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.testsupport.SettableClock;
import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.SubscribeResult;
import java.util.List;
import java.util.Optional;

/// Subscribed mailbox that calls back in order: mail number n has watermark `wn`.
final class CallbackSequence {
    private final EmbeddedStore store;
    private final SettableClock clock;
    private final AttemptId attempt;
    private int reported;

    CallbackSequence(EmbeddedStore store, SettableClock clock) {
        this.store = store;
        this.clock = clock;
        var ada = store.mailboxes().enrol(new MailboxAddress("ada@example.com"), new GroupMembership("inboxes", false));
        attempt = store.subscriptions().begin(ada.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        var response = new SubscribeResult(
                ExchangeNotifications.subscription("s1"), Optional.of(ExchangeNotifications.mark("w0")));
        store.subscriptions().confirm(attempt, response, Optional.empty());
    }

    MailboxId mailbox() {
        return attempt.mailbox();
    }

    void mail() {
        var number = reported + 1;
        record(ExchangeNotifications.notification(
                "s1", "w" + reported, ExchangeNotifications.mail("m" + number, "w" + number, clock.instant())));
        reported = number;
    }

    /// Records a heartbeat, which is on the disk on return.
    void beat() {
        record(ExchangeNotifications.notification("s1", "w" + reported, ExchangeNotifications.status("w" + reported)));
        store.saveHeartbeats();
    }

    private void record(NotificationMessage message) {
        store.intake()
                .record(List.of(
                        new VerifiedCallback(attempt, ExchangeNotifications.body(message), clock.instant(), "")));
    }
}

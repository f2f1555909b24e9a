package dev.tidemark.watermark;

import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.Subscribed;
import java.util.List;
import java.util.Optional;

/// A subscribed mailbox that calls back in order: mail number n comes with watermark `wn`.
final class Talker {
    private final H2Store store;
    private final SettableClock clock;
    private final AttemptId attempt;
    private int told;

    Talker(H2Store store, SettableClock clock) {
        this.store = store;
        this.clock = clock;
        var ada = store.mailboxes().enrol(new MailboxAddress("ada@example.com"), new Membership("inboxes", false));
        attempt = store.subscriptions().begin(ada.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        var answer = new Subscribed(Exchange.subscription("s1"), Optional.of(Exchange.mark("w0")));
        store.subscriptions().confirm(attempt, answer, Optional.empty());
    }

    MailboxId mailbox() {
        return attempt.mailbox();
    }

    void mail() {
        var number = told + 1;
        record(Exchange.notification("s1", "w" + told, Exchange.mail("m" + number, "w" + number, clock.instant())));
        told = number;
    }

    /// A heartbeat, which is on the disk on return.
    void beat() {
        record(Exchange.notification("s1", "w" + told, Exchange.status("w" + told)));
        store.fold();
    }

    private void record(NotificationMessage message) {
        store.intake().record(List.of(new Callback(attempt, Exchange.body(message), clock.instant(), "")));
    }
}

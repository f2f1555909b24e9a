package dev.tidemark.contract;

import static dev.tidemark.contract.ExchangeNotifications.body;
import static dev.tidemark.contract.ExchangeNotifications.mark;
import static dev.tidemark.contract.ExchangeNotifications.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.store.model.VerifiedCallback;
import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.SubscribeResult;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;

/// Base of the suites that use several ports: a store with one mailbox, and helpers to use it.
public abstract class WatermarkStoreContract extends PortContract {
    protected Mailbox ada;

    @BeforeEach
    void enrol() {
        ada = store.mailboxes().find(mailbox()).orElseThrow();
    }

    protected Mailbox now() {
        return store.mailboxes().find(ada.id()).orElseThrow();
    }

    /// Returns a live attempt that started at watermark w0, with a subscription of this name.
    protected AttemptId subscribed(String name) {
        var attempt = store.subscriptions().begin(ada.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        store.subscriptions()
                .confirm(attempt, new SubscribeResult(subscription(name), Optional.of(mark("w0"))), Optional.empty());
        return attempt;
    }

    protected AttemptId resubscribed(String name, String from, SubscribeReason reason) {
        var attempt = store.subscriptions().begin(ada.id(), reason, "print", Optional.of(mark(from)));
        store.subscriptions()
                .confirm(attempt, new SubscribeResult(subscription(name), Optional.of(mark(from))), Optional.empty());
        return attempt;
    }

    protected IntakeOutcome record(AttemptId attempt, NotificationMessage... messages) {
        return store.intake().record(List.of(callback(attempt, messages))).getFirst();
    }

    protected VerifiedCallback callback(AttemptId attempt, NotificationMessage... messages) {
        return new VerifiedCallback(attempt, body(messages), time(), "192.0.2.1");
    }

    protected List<String> types() {
        return journal().stream().map(JournalEvent::type).toList();
    }

    protected List<String> items() {
        return journal().stream()
                .filter(event -> event.data() instanceof EventData.Change)
                .map(event -> ((EventData.Change) event.data()).target().id())
                .toList();
    }

    protected void assertSequencesContiguous() {
        assertThat(journal())
                .filteredOn(event -> event.source() instanceof EventSource.OfMailbox)
                .extracting(JournalEvent::sequence)
                .isEqualTo(LongStream.rangeClosed(1, journal().size()).boxed().toList());
    }
}

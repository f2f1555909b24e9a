package dev.tidemark.watermark;

import static dev.tidemark.watermark.Exchange.body;
import static dev.tidemark.watermark.Exchange.mark;
import static dev.tidemark.watermark.Exchange.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.values.MailboxAddress;
import dev.tidemark.values.NotificationMessage;
import dev.tidemark.values.Subscribed;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// What the contract's parts share: a store with one mailbox, and a way to speak to it.
abstract class WatermarkStoreContract {
    final SettableClock clock = new SettableClock();
    WatermarkStore store;
    Mailbox ada;

    @TempDir
    Path folder;

    private StoreHome home;

    /// Where the stores of this test live.
    abstract StoreHome home(Path folder);

    @BeforeEach
    void begin() {
        home = home(folder);
        store = home.open(clock);
        ada = store.mailboxes().enrol(new MailboxAddress("ada@example.com"), new Membership("inboxes", false));
    }

    @AfterEach
    void end() {
        store.close();
    }

    void reopen() {
        store.close();
        store = home.open(clock);
    }

    void reopenAfterPowerCut() {
        home.cut(store);
        store = home.open(clock);
    }

    Mailbox now() {
        return store.mailboxes().find(ada.id()).orElseThrow();
    }

    Instant time() {
        return clock.instant();
    }

    /// A live attempt that started at watermark w0, its subscription being named `name`.
    AttemptId subscribed(String name) {
        var attempt = store.subscriptions().begin(ada.id(), SubscribeReason.INITIAL, "print", Optional.empty());
        store.subscriptions()
                .confirm(attempt, new Subscribed(subscription(name), Optional.of(mark("w0"))), Optional.empty());
        return attempt;
    }

    AttemptId resubscribed(String name, String from, SubscribeReason reason) {
        var attempt = store.subscriptions().begin(ada.id(), reason, "print", Optional.of(mark(from)));
        store.subscriptions()
                .confirm(attempt, new Subscribed(subscription(name), Optional.of(mark(from))), Optional.empty());
        return attempt;
    }

    Receipt record(AttemptId attempt, NotificationMessage... messages) {
        return store.intake().record(List.of(callback(attempt, messages))).getFirst();
    }

    Callback callback(AttemptId attempt, NotificationMessage... messages) {
        return new Callback(attempt, body(messages), time(), "192.0.2.1");
    }

    List<JournalEvent> journal() {
        return store.journal().read(Position.START, 10_000);
    }

    List<String> types() {
        return journal().stream().map(JournalEvent::type).toList();
    }

    List<String> items() {
        return journal().stream()
                .filter(event -> event.data() instanceof EventData.Change)
                .map(event -> ((EventData.Change) event.data()).target().id())
                .toList();
    }

    void assertSequencesContiguous() {
        assertThat(journal())
                .filteredOn(event -> event.source() instanceof EventSource.OfMailbox)
                .extracting(JournalEvent::sequence)
                .isEqualTo(LongStream.rangeClosed(1, journal().size()).boxed().toList());
    }
}

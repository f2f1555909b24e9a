package dev.tidemark.forwarder;

import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.EventData.FolderInfo;
import dev.tidemark.store.model.EventData.Lifecycle;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.EventId;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.EventSource;
import dev.tidemark.store.model.EventSource.OfInstance;
import dev.tidemark.store.model.EventSource.OfMailbox;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.MailboxAddress;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Creates events for tests.
public final class TestEvents {
    public static final Instant NOW = Instant.parse("2026-11-01T09:15:02.413Z");
    public static final MailboxRef ADA = mailbox("ada", 'a');
    public static final MailboxRef BOB = mailbox("bob", 'b');
    static final MailboxRef EVE = mailbox("eve", 'e');

    private TestEvents() {}

    static MailboxRef mailbox(String name, char letter) {
        return new MailboxRef(
                new MailboxId("mbx_" + String.valueOf(letter).repeat(16)),
                new MailboxAddress(name + "@example.com"),
                "inboxes");
    }

    static Change received(MailboxRef mailbox) {
        return new Change(
                mailbox,
                ChangeKind.NEW_MAIL,
                ItemId.of("AAMkItem"),
                Optional.of(new FolderInfo(FolderId.of("AAMkFolder"), Optional.of("Inbox"), Optional.of("inbox"))),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty());
    }

    public static JournalEvent received(MailboxRef mailbox, long position, long sequence) {
        return event(position, new OfMailbox(mailbox.id()), sequence, "mailbox.message.received", received(mailbox));
    }

    static JournalEvent ofMailbox(
            MailboxRef mailbox, long position, long sequence, String type, Map<String, Object> fields) {
        var data = new Lifecycle(Optional.of(mailbox), fields);
        return event(position, new OfMailbox(mailbox.id()), sequence, type, data);
    }

    static JournalEvent recordedAt(JournalEvent event, Instant now) {
        return new JournalEvent(
                event.position(),
                event.id(),
                event.source(),
                event.sequence(),
                event.type(),
                event.time(),
                now,
                event.origin(),
                event.data());
    }

    public static JournalEvent ofInstance(long position, long sequence, String type, Map<String, Object> fields) {
        return event(position, new OfInstance(), sequence, type, new Lifecycle(Optional.empty(), fields));
    }

    public static JournalEvent event(long position, EventSource source, long sequence, String type, EventData data) {
        var origin = data instanceof Change ? Optional.of(EventOrigin.PUSH) : Optional.<EventOrigin>empty();
        var id = new EventId("evt_" + String.format(Locale.ROOT, "%026d", position));
        var time = Instant.parse("2026-11-01T09:15:02Z");
        return new JournalEvent(new JournalPosition(position), id, source, sequence, type, time, NOW, origin, data);
    }
}

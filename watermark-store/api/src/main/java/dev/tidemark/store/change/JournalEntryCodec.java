package dev.tidemark.store.change;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.EventData;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.values.Watermark;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Encodes a journal row's value in binary: a version byte, then entries to the end. Positions are relative to the
/// row's key. Single events of dead letters share the format. [EventTypeScanner] reads it as well.
public final class JournalEntryCodec {
    private static final int VERSION = 1;
    /// Usual size of an event with Exchange's long ids, in bytes.
    private static final int DEFAULT_CAPACITY = 768;

    private static final int MAX_EXPECTED = 512;

    private JournalEntryCodec() {}

    static BinaryValueWriter begin() {
        return new BinaryValueWriter().octet(VERSION);
    }

    /// Starts a row with the usual capacity for this number of entries.
    static BinaryValueWriter begin(int entries) {
        return new BinaryValueWriter(DEFAULT_CAPACITY + Math.min(entries, MAX_EXPECTED) * DEFAULT_CAPACITY)
                .octet(VERSION);
    }

    static void write(BinaryValueWriter out, JournalEntry entry) {
        out.optional(entry.mailbox(), ref -> EventDataCodec.writeMailbox(out, ref));
        out.number(entry.back()).number(entry.firstSequence());
        out.optional(entry.push(), push -> writePush(out, push));
        out.number(entry.drafts().size());
        entry.drafts().forEach(draft -> writeDraft(out, draft));
    }

    /// Reads the entries of the row whose first event is at `position`.
    public static List<JournalEntry> read(long position, byte[] body) {
        var in = entries(body);
        var entries = new ArrayList<JournalEntry>();
        var next = position;
        while (in.hasMore()) {
            var entry = readEntry(in, next);
            entries.add(entry);
            next = entry.end() + 1;
        }
        return entries;
    }

    /// Returns a reader in front of the first entry of a row's value.
    static BinaryValueReader entries(byte[] body) {
        var in = new BinaryValueReader(body);
        in.expectVersion(VERSION, "journal row");
        return in;
    }

    private static JournalEntry readEntry(BinaryValueReader in, long position) {
        var mailbox = in.optional(() -> EventDataCodec.readMailbox(in));
        var back = in.number();
        var sequence = in.number();
        var push = in.optional(() -> readPush(in));
        var drafts = new ArrayList<EventDraft>();
        for (var left = in.count(); left > 0; left--) {
            drafts.add(readDraft(in, mailbox));
        }
        return new JournalEntry(position, mailbox, back, sequence, push, drafts);
    }

    public static byte[] writeEvent(JournalEvent event) {
        var key = EventKey.of(event.id());
        var out = begin().number(event.position().value()).instant(event.recordedAt());
        var draft = new EventDraft(key, event.type(), event.time(), event.origin(), event.data());
        var mailbox = switch (event.data()) {
            case EventData.Change change -> Optional.of(change.mailbox());
            case EventData.Lifecycle lifecycle -> lifecycle.mailbox();
        };
        write(
                out,
                new JournalEntry(
                        event.position().value(), mailbox, 0, event.sequence(), Optional.empty(), List.of(draft)));
        return out.toBytes();
    }

    public static JournalEvent readEvent(byte[] body) {
        var in = new BinaryValueReader(body);
        in.expectVersion(VERSION, "dead letter");
        var position = in.number();
        var recordedAt = in.instant();
        var entry = readEntry(in, position);
        if (entry.drafts().size() != 1) {
            throw StoreException.permanent(
                    "The store holds a dead letter without its event; it is damaged: restore it from a backup.");
        }
        return entry.event(0, recordedAt);
    }

    private static void writePush(BinaryValueWriter out, JournalEntry.ChainData push) {
        out.number(push.attempt()).flag(push.chained()).flag(push.closing());
        out.optionalText(push.previous().map(Watermark::value));
        out.optionalText(push.last().map(Watermark::value));
        out.instant(push.receivedAt()).number(push.before());
    }

    private static JournalEntry.ChainData readPush(BinaryValueReader in) {
        return new JournalEntry.ChainData(
                in.number(),
                in.flag(),
                in.flag(),
                in.optionalText().map(Watermark::new),
                in.optionalText().map(Watermark::new),
                in.instant(),
                in.number());
    }

    private static void writeDraft(BinaryValueWriter out, EventDraft draft) {
        draft.key().write(out);
        out.text(draft.type()).instant(draft.time());
        out.optional(draft.origin(), out::constant);
        EventDataCodec.write(out, draft.data());
    }

    private static EventDraft readDraft(BinaryValueReader in, Optional<MailboxRef> mailbox) {
        return new EventDraft(
                EventKey.read(in),
                in.text(),
                in.instant(),
                in.optional(() -> in.constant(EventOrigin.class)),
                EventDataCodec.read(in, mailbox));
    }
}

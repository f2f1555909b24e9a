package dev.tidemark.watermark.change;

import dev.tidemark.values.Watermark;
import dev.tidemark.watermark.EventData;
import dev.tidemark.watermark.EventData.MailboxRef;
import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A journal row's value in binary: a version byte, then entries to the end. Positions are counted from the
/// row's key and therefore not part of it. Single events, as dead letters keep them, share the form.
public final class EntryCodec {
    private static final int VERSION = 1;
    /// An event with Exchange's long ids.
    private static final int USUAL_ROOM = 768;

    private static final int MOST_EXPECTED = 512;

    private EntryCodec() {}

    static RowWriter begin() {
        return new RowWriter().octet(VERSION);
    }

    /// For a row of so many `entries`, as long as they usually are.
    static RowWriter begin(int entries) {
        return new RowWriter(USUAL_ROOM + Math.min(entries, MOST_EXPECTED) * USUAL_ROOM).octet(VERSION);
    }

    static void write(RowWriter out, Entry entry) {
        out.optional(entry.mailbox(), ref -> DataCodec.writeMailbox(out, ref));
        out.number(entry.back()).number(entry.firstSequence());
        out.optional(entry.push(), push -> writePush(out, push));
        out.number(entry.facts().size());
        entry.facts().forEach(fact -> writeFact(out, fact));
    }

    /// The entries of the row whose first event is at `position`.
    public static List<Entry> read(long position, byte[] body) {
        var in = new RowReader(body);
        in.expectVersion(VERSION, "journal row");
        var entries = new ArrayList<Entry>();
        var next = position;
        while (in.more()) {
            var entry = readEntry(in, next);
            entries.add(entry);
            next = entry.end() + 1;
        }
        return entries;
    }

    private static Entry readEntry(RowReader in, long position) {
        var mailbox = in.optional(() -> DataCodec.readMailbox(in));
        var back = in.number();
        var sequence = in.number();
        var push = in.optional(() -> readPush(in));
        var facts = new ArrayList<Fact>();
        for (var left = in.count(); left > 0; left--) {
            facts.add(readFact(in, mailbox));
        }
        return new Entry(position, mailbox, back, sequence, push, facts);
    }

    public static byte[] writeEvent(JournalEvent event) {
        var key = EventKey.of(event.id());
        var out = begin().number(event.position().value()).instant(event.recordedAt());
        var fact = new Fact(key, event.type(), event.time(), event.origin(), event.data());
        var mailbox = switch (event.data()) {
            case EventData.Change change -> Optional.of(change.mailbox());
            case EventData.Lifecycle lifecycle -> lifecycle.mailbox();
        };
        write(out, new Entry(event.position().value(), mailbox, 0, event.sequence(), Optional.empty(), List.of(fact)));
        return out.toBytes();
    }

    public static JournalEvent readEvent(byte[] body) {
        var in = new RowReader(body);
        in.expectVersion(VERSION, "dead letter");
        var position = in.number();
        var recordedAt = in.instant();
        return readEntry(in, position).event(0, recordedAt);
    }

    private static void writePush(RowWriter out, Entry.Push push) {
        out.number(push.attempt()).flag(push.chained()).flag(push.closing());
        out.optionalText(push.previous().map(Watermark::value));
        out.optionalText(push.last().map(Watermark::value));
        out.instant(push.receivedAt()).number(push.before());
    }

    private static Entry.Push readPush(RowReader in) {
        return new Entry.Push(
                in.number(),
                in.flag(),
                in.flag(),
                in.optionalText().map(Watermark::new),
                in.optionalText().map(Watermark::new),
                in.instant(),
                in.number());
    }

    private static void writeFact(RowWriter out, Fact fact) {
        fact.key().write(out);
        out.text(fact.type()).instant(fact.time());
        out.optional(fact.origin(), out::constant);
        DataCodec.write(out, fact.data());
    }

    private static Fact readFact(RowReader in, Optional<MailboxRef> mailbox) {
        return new Fact(
                EventKey.read(in),
                in.text(),
                in.instant(),
                in.optional(() -> in.constant(Origin.class)),
                DataCodec.read(in, mailbox));
    }
}

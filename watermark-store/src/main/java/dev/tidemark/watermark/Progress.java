package dev.tidemark.watermark;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// How a mailbox moves on by what the journal holds: the same steps when a call-back comes in and when the
/// journal's tail is read again after a stop.
final class Progress {
    private Progress() {}

    static void journalled(Cell cell, Entry entry) {
        cell.sequence = entry.firstSequence() + entry.facts().size() - 1;
        cell.lastPosition = entry.end();
        var origin = entry.facts().getLast().origin();
        if (origin.isPresent() && !origin.equals(cell.origin)) {
            cell.origin = origin;
        }
    }

    static void heard(Cell cell, Instant at) {
        cell.heard(at);
        cell.calledBack = true;
        cell.fruitless = 0;
    }

    /// Up to when a notification tells; to be asked before its arrival is noted by [#heard]. Its events may
    /// have waited long to be told, in a replay above all; what happened after the last of them has yet to
    /// come, although it happened before now. A heartbeat, which has none, has no time of its own either and
    /// may have been under way for long, sent again and again; but it was made after the call-back before it
    /// had been answered.
    static Instant toldUpTo(Cell cell, List<Fact> facts, Instant receivedAt) {
        var signs = facts.isEmpty()
                ? Stream.concat(cell.lastHeardAt().stream(), cell.watermark.map(StoredWatermark::takenAt).stream())
                : Stream.of(facts.getLast().time());
        return signs.filter(at -> !at.isAfter(receivedAt))
                .max(Instant::compareTo)
                .orElse(receivedAt);
    }

    /// Moves the chain, and the watermark with it, which is good up to `toldUpTo`.
    static void chained(Cell cell, Link link, Instant toldUpTo, long before) {
        cell.chain = cell.chain.continued(link, before);
        link.last().ifPresent(newest -> cell.take(new StoredWatermark(newest, toldUpTo)));
    }

    /// Takes an event's time, by Exchange's clock, for a sign that an overlap has been passed.
    static void passed(Cell cell, Instant time, Duration margin) {
        cell.overlap = cell.overlap.map(overlap -> overlap.after(time, margin));
    }

    /// Applies an entry that the mailbox's row does not know of. Whatever is more than plain progress was
    /// written to the row together with the entry, so that only plain progress is left to do.
    static void replay(Cell cell, Entry entry, Duration margin) {
        journalled(cell, entry);
        entry.push()
                .filter(push -> push.closing() && cell.isLive(push.attempt()))
                .ifPresent(push -> replayPush(cell, entry, push, margin));
    }

    private static void replayPush(Cell cell, Entry entry, Entry.Push push, Duration margin) {
        var keys = entry.facts().stream().map(Fact::key).toList();
        var link = new Link(push.previous(), push.last(), keys);
        var told = toldUpTo(cell, entry.facts(), push.receivedAt());
        heard(cell, push.receivedAt());
        if (push.chained()) {
            chained(cell, link, told, push.before());
        } else {
            cell.chain = cell.chain.torn(link, push.before());
        }
        if (entry.back() != push.before()) {
            cell.chain = cell.chain.overflowing();
        }
        entry.facts().forEach(fact -> passed(cell, fact.time(), margin));
    }
}

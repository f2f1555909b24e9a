package dev.tidemark.store.rules;

import dev.tidemark.store.change.BinaryValueReader;
import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.store.change.EventKeyList;
import dev.tidemark.values.Watermark;
import java.util.Optional;

/// State of the live attempt's chain of notifications. Immutable.
///
/// @param started true if the attempt has sent a notification
/// @param broken true if a notification is missing since; then it stays broken
/// @param ended true if Exchange reported the end of the subscription
/// @param previous previous watermark of the last notification
/// @param last previous watermark that the next notification must carry
/// @param lastKeys events of the last notification
/// @param beforeLast position of the mailbox's newest event before the last notification
record NotificationChain(
        boolean started,
        boolean broken,
        boolean ended,
        Optional<Watermark> previous,
        Optional<Watermark> last,
        EventKeyList lastKeys,
        long beforeLast) {
    static final NotificationChain NEW =
            new NotificationChain(false, false, false, Optional.empty(), Optional.empty(), EventKeyList.EMPTY, 0);

    /// Returns the chain after its first notification, or after one that follows the last.
    NotificationChain continuedBy(ChainLink link, long before) {
        var newest = link.last().or(() -> last);
        // reuses the object if equal, which saves the garbage collector one object per mailbox
        var previous = link.previous().equals(last) ? last : link.previous();
        return new NotificationChain(true, broken, ended, previous, newest, link.keyList(), before);
    }

    /// Returns the chain after a notification that does not follow. The mailbox's watermark stays at the start of
    /// the gap. A next notification that follows this one shows only the extent of the gap.
    NotificationChain brokenBy(ChainLink link, long before) {
        var newest = link.last().or(() -> last);
        return new NotificationChain(true, true, ended, link.previous(), newest, link.keyList(), before);
    }

    /// Returns the chain with more events in the last notification than are in memory.
    NotificationChain withOverflowingKeys() {
        return new NotificationChain(started, broken, ended, previous, last, EventKeyList.OVERFLOWING, beforeLast);
    }

    NotificationChain asEnded() {
        return new NotificationChain(started, broken, true, previous, last, lastKeys, beforeLast);
    }

    void write(BinaryValueWriter out) {
        out.flag(started).flag(broken).flag(ended);
        out.optionalText(previous.map(Watermark::value)).optionalText(last.map(Watermark::value));
        lastKeys.write(out);
        out.number(beforeLast);
    }

    static NotificationChain read(BinaryValueReader in) {
        var started = in.flag();
        var broken = in.flag();
        var ended = in.flag();
        var previous = in.optionalText().map(Watermark::new);
        var last = in.optionalText().map(Watermark::new);
        return new NotificationChain(
                started,
                broken,
                ended,
                previous,
                last.equals(previous) ? previous : last,
                EventKeyList.read(in),
                in.number());
    }
}

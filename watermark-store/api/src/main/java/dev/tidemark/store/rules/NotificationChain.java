package dev.tidemark.store.rules;

import dev.tidemark.store.change.BinaryValueReader;
import dev.tidemark.store.change.BinaryValueWriter;
import dev.tidemark.values.Watermark;
import java.util.Optional;

/// How far the notifications of the live attempt hang together.
///
/// @param started whether the attempt has sent a notification
/// @param broken whether something is missing since; then it stays broken
/// @param ended whether Exchange said that the subscription ended
/// @param previous the previous watermark of the last notification
/// @param last what the next notification must carry as its previous watermark
/// @param lastKeys the events of the last notification
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

    /// After a notification that hangs on to the one before, or is the first.
    NotificationChain continued(ChainLink link, long before) {
        var newest = link.last().or(() -> last);
        // the same object where it is the same: of each mailbox's the garbage collector has one less to move
        var previous = link.previous().equals(last) ? last : link.previous();
        return new NotificationChain(true, broken, ended, previous, newest, link.keyList(), before);
    }

    /// After one that does not. The mailbox's watermark stays where what is missing begins; whether the next one
    /// hangs on to this one tells only how bad it is.
    NotificationChain torn(ChainLink link, long before) {
        var newest = link.last().or(() -> last);
        return new NotificationChain(true, true, ended, link.previous(), newest, link.keyList(), before);
    }

    /// Where the last notification has more events than are at hand.
    NotificationChain overflowing() {
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

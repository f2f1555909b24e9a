package dev.tidemark.store.rules;

import dev.tidemark.store.change.EventDraft;
import dev.tidemark.store.change.JournalEntry;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.values.Watermark;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// Moves a mailbox forward by entries of the journal: with the same steps for a callback and for the journal's
/// tail at a start.
final class MailboxProjector {
    private MailboxProjector() {}

    static void recordEntry(MailboxRecord cell, JournalEntry entry) {
        cell.sequence = entry.firstSequence() + entry.facts().size() - 1;
        cell.lastPosition = entry.end();
        var origin = entry.facts().getLast().origin();
        if (origin.isPresent() && !origin.equals(cell.origin)) {
            cell.origin = origin;
        }
    }

    static void recordCallback(MailboxRecord cell, Instant at) {
        cell.recordCallback(at);
        cell.calledBack = true;
        cell.compensationsWithoutCallback = 0;
    }

    /// Returns the time, by the local clock, up to which a notification reports. Must be called before [#heard]
    /// records its arrival. Its events may have waited long, above all in a replay; changes after the last of them
    /// may follow. A heartbeat has no events and no time. Exchange may have repeated it for long, but created it
    /// after the response to the previous callback.
    ///
    /// @param lastEvent time of the last event, by the local clock; absent for a heartbeat
    static Instant reportedUpTo(MailboxRecord cell, Optional<Instant> lastEvent, Instant receivedAt) {
        var signs = lastEvent.isEmpty()
                ? Stream.concat(cell.lastHeardAt().stream(), cell.watermark.map(StoredWatermark::takenAt).stream())
                : lastEvent.stream();
        return signs.filter(at -> !at.isAfter(receivedAt))
                .max(Instant::compareTo)
                .orElse(receivedAt);
    }

    /// Moves the chain and its watermark, which is valid up to `toldUpTo`.
    static void advanceChain(MailboxRecord cell, ChainLink link, Instant toldUpTo, long before) {
        cell.chain = cell.chain.continuedBy(link, before);
        link.last().ifPresent(newest -> cell.setWatermark(new StoredWatermark(newest, provenUpTo(cell, newest, toldUpTo))));
    }

    /// Returns the time up to which a watermark proves that everything was reported.
    private static Instant provenUpTo(MailboxRecord cell, Watermark newest, Instant toldUpTo) {
        return cell.watermark
                .filter(before -> before.value().equals(newest) && DatabaseRollback.isUnproven(cell, newest))
                .map(StoredWatermark::takenAt)
                .orElse(toldUpTo);
    }

    /// Uses an event's time, by the local clock, as a sign that push has passed the duplicate window.
    static void recordPassed(MailboxRecord cell, Instant time, Duration margin) {
        cell.duplicateWindow = cell.duplicateWindow.map(overlap -> overlap.afterEventAt(time, margin));
    }

    /// Applies an entry that is newer than the mailbox's row. Other changes than plain progress were written to
    /// the row together with the entry.
    static void replay(MailboxRecord cell, JournalEntry entry, Duration margin, OffsetRules offsets) {
        recordEntry(cell, entry);
        entry.push()
                .filter(push -> push.closing() && cell.isLive(push.attempt()))
                .ifPresent(push -> replayPush(cell, entry, push, margin, offsets));
    }

    private static void replayPush(
            MailboxRecord cell, JournalEntry entry, JournalEntry.ChainData push, Duration margin, OffsetRules offsets) {
        var keys = entry.facts().stream().map(EventDraft::key).toList();
        var link = new ChainLink(push.previous(), push.last(), keys);
        var times = offsets.localTimes(cell, entry.facts());
        var told = reportedUpTo(cell, times.reversed().stream().findFirst(), push.receivedAt());
        recordCallback(cell, push.receivedAt());
        if (push.chained()) {
            advanceChain(cell, link, told, push.before());
        } else {
            cell.chain = cell.chain.brokenBy(link, push.before());
        }
        if (entry.back() != push.before()) {
            cell.chain = cell.chain.withOverflowingKeys();
        }
        times.forEach(time -> recordPassed(cell, time, margin));
    }
}

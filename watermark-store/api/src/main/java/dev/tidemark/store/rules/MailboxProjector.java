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

    static void recordEntry(MailboxRecord record, JournalEntry entry) {
        record.sequence = entry.firstSequence() + entry.drafts().size() - 1;
        record.lastPosition = entry.end();
        var origin = entry.drafts().getLast().origin();
        if (origin.isPresent() && !origin.equals(record.origin)) {
            record.origin = origin;
        }
    }

    static void recordCallback(MailboxRecord record, Instant at) {
        record.recordCallback(at);
        record.calledBack = true;
        record.compensationsWithoutCallback = 0;
    }

    /// Returns the time, by the local clock, up to which a notification reports. Must be called before
    /// [#recordCallback] records its arrival. Its events may have waited long, above all in a replay; changes
    /// after the last of them may follow. A heartbeat has no events and no time. Exchange may have repeated it for
    /// long, but created it after the response to the previous callback.
    ///
    /// @param lastEvent time of the last event, by the local clock; absent for a heartbeat
    static Instant reportedUpTo(MailboxRecord record, Optional<Instant> lastEvent, Instant receivedAt) {
        var candidates = lastEvent.isEmpty()
                ? Stream.concat(record.lastHeardAt().stream(), record.watermark.map(StoredWatermark::takenAt).stream())
                : lastEvent.stream();
        return candidates
                .filter(at -> !at.isAfter(receivedAt))
                .max(Instant::compareTo)
                .orElse(receivedAt);
    }

    /// Moves the chain and its watermark, which is valid up to `reportedUpTo`.
    static void advanceChain(MailboxRecord record, ChainLink link, Instant reportedUpTo, long before) {
        record.chain = record.chain.continuedBy(link, before);
        link.last()
                .ifPresent(newest ->
                        record.setWatermark(new StoredWatermark(newest, provenUpTo(record, newest, reportedUpTo))));
    }

    /// Returns the time up to which a watermark proves that everything was reported.
    private static Instant provenUpTo(MailboxRecord record, Watermark newest, Instant reportedUpTo) {
        return record.watermark
                .filter(before -> before.value().equals(newest) && DatabaseRollback.isUnproven(record, newest))
                .map(StoredWatermark::takenAt)
                .orElse(reportedUpTo);
    }

    /// Uses an event's time, by the local clock, as a sign that push has passed the duplicate window.
    static void recordPassed(MailboxRecord record, Instant time, Duration resyncMargin) {
        record.duplicateWindow = record.duplicateWindow.map(overlap -> overlap.afterEventAt(time, resyncMargin));
    }

    /// Applies an entry that is newer than the mailbox's row. Other changes than plain progress were written to
    /// the row together with the entry.
    static void replay(MailboxRecord record, JournalEntry entry, Duration resyncMargin, OffsetRules offsets) {
        recordEntry(record, entry);
        entry.push()
                .filter(push -> push.closing() && record.isLive(push.attempt()))
                .ifPresent(push -> replayPush(record, entry, push, resyncMargin, offsets));
    }

    private static void replayPush(
            MailboxRecord record,
            JournalEntry entry,
            JournalEntry.ChainData push,
            Duration resyncMargin,
            OffsetRules offsets) {
        var keys = entry.drafts().stream().map(EventDraft::key).toList();
        var link = new ChainLink(push.previous(), push.last(), keys);
        var times = offsets.localTimes(record, entry.drafts());
        var reportedUpTo = reportedUpTo(record, times.reversed().stream().findFirst(), push.receivedAt());
        recordCallback(record, push.receivedAt());
        if (push.chained()) {
            advanceChain(record, link, reportedUpTo, push.before());
        } else {
            record.chain = record.chain.brokenBy(link, push.before());
        }
        if (entry.back() != push.before()) {
            record.chain = record.chain.withOverflowingKeys();
        }
        times.forEach(time -> recordPassed(record, time, resyncMargin));
    }
}

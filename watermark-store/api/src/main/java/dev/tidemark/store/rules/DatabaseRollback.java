package dev.tidemark.store.rules;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.EventDraft;
import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.change.JournalEntry;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.engine.ReadTimeBudget;
import dev.tidemark.store.engine.SyncStateQueries;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.Watermark;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Detects a mailbox database that went back in time although Exchange accepted the watermark, after a restored
/// backup or a fail-over that lost changes. Subscriptions end with that, so only one that replaced a lost one is
/// checked. Inferred: no source describes Exchange's behavior. Called under the write lock.
final class DatabaseRollback {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseRollback.class);

    /// Limit for heartbeats at even intervals with the watermark that the subscription began from. The database's
    /// counter, which moves with every mailbox in it, may lie behind.
    private static final int MAX_STILL = 3;

    /// Notifications with events that are compared with the journal after a loss.
    private static final int MAX_COMPARED = 8;

    private static final int RECENT_ENTRIES = 64;
    private static final String CAUSE = "the mailbox's database may have gone back in time";

    private final BackwardJournalReader backwardReader;
    private final SyncStateQueries states;
    private final Duration resyncMargin;
    private final Clock clock;
    private final ReadTimeBudget budget;

    DatabaseRollback(
            BackwardJournalReader backwardReader, SyncStateQueries states, Duration resyncMargin, Clock clock) {
        this.backwardReader = backwardReader;
        this.states = states;
        this.resyncMargin = resyncMargin;
        this.clock = clock;
        this.budget = new ReadTimeBudget(clock.instant());
    }

    /// Returns whether the watermark is the one with which a lost subscription was replaced. Its repetition does
    /// not prove that everything since has been reported.
    static boolean isUnproven(MailboxRecord record, Watermark watermark) {
        return record.live
                .filter(live -> live.reason() == SubscribeReason.SILENCE || live.reason() == SubscribeReason.ERROR)
                .flatMap(SubscribeAttempt::from)
                .filter(watermark::equals)
                .isPresent();
    }

    /// Checks a notification before the mailbox's chain moves with it, and leaves a resync from scratch pending
    /// if the database went back.
    void check(
            StoreChangeSet changeSet, MailboxRecord record, ChainLink link, List<EventDraft> drafts, Arrival arrival) {
        var shows = link.heartbeat()
                ? standsStill(record, link, arrival)
                : isRenumbered(changeSet, record, link, drafts, arrival);
        if (shows) {
            record.standstill = record.standstill.withHeartbeats(MAX_STILL);
            record.compared = MAX_COMPARED;
            scheduleResync(changeSet, record);
        }
    }

    /// @param seen true for an event that is in the journal
    record Arrival(Instant receivedAt, Predicate<EventKey> seen) {}

    private static boolean standsStill(MailboxRecord record, ChainLink link, Arrival arrival) {
        if (record.standstill.heartbeats() >= MAX_STILL
                || link.last().filter(mark -> isUnproven(record, mark)).isEmpty()) {
            return false;
        }
        record.standstill = record.standstill.with(arrival.receivedAt());
        return record.standstill.heartbeats() == MAX_STILL;
    }

    /// Returns whether a known watermark comes with an unknown event, or with the same change at another time.
    /// Returns false without a comparison while the budget is spent, as after an outage of many mailboxes. A later
    /// call then compares a later notification.
    private boolean isRenumbered(
            StoreChangeSet changeSet, MailboxRecord record, ChainLink link, List<EventDraft> drafts, Arrival arrival) {
        var isReplacement = record.live
                .flatMap(SubscribeAttempt::from)
                .filter(mark -> isUnproven(record, mark))
                .isPresent();
        if (!isReplacement || link.last().isEmpty() || record.compared >= MAX_COMPARED) {
            return false;
        }
        var start = clock.instant();
        if (!budget.allows(start)) {
            return false;
        }
        record.compared++;
        var last = drafts.getLast();
        try {
            return before(changeSet, record, link.last().get())
                    .map(entry -> isAnother(entry, last, arrival))
                    .orElse(false);
        } finally {
            budget.spend(Duration.between(start, clock.instant()));
        }
    }

    private Optional<JournalEntry> before(StoreChangeSet changeSet, MailboxRecord record, Watermark mark) {
        var found = new JournalEntry[1];
        var left = new int[] {RECENT_ENTRIES};
        var end = changeSet.published(record.id).map(seen -> seen.lastPosition).orElse(0L);
        backwardReader.back(record.id, end, (entry, recordedAt) -> {
            if (entry.push()
                    .flatMap(JournalEntry.ChainData::last)
                    .filter(mark::equals)
                    .isPresent()) {
                found[0] = entry;
            }
            left[0]--;
            return found[0] == null && left[0] > 0;
        });
        return Optional.ofNullable(found[0]);
    }

    /// Compares an event with the journal. An event without a time has that of its arrival, which proves nothing.
    private static boolean isAnother(JournalEntry entry, EventDraft last, Arrival arrival) {
        return entry.drafts().stream()
                .filter(draft -> draft.key().equals(last.key()))
                .findFirst()
                .map(draft -> !draft.time().equals(last.time()) && !last.time().equals(arrival.receivedAt()))
                .orElseGet(() -> !arrival.seen().test(last.key()));
    }

    /// Schedules a resync from scratch, without the sync states: they may lie ahead as well, and would hide new
    /// items.
    private void scheduleResync(StoreChangeSet changeSet, MailboxRecord record) {
        record.requestResync(record.resyncStart(resyncMargin));
        record.schedule(
                new PendingCompensation(SubscribeReason.ERROR, changeSet.now(), true, CAUSE),
                record.live.orElseThrow().number());
        record.lastError = Optional.of(CAUSE);
        states.folders(record.id).forEach(folder -> changeSet.add(new Change.FolderStateRemoved(record.id, folder)));
        changeSet.save(record);
        LOG.warn(
                "Mailbox {} is resynchronized from scratch because its database may have gone back in time; check"
                        + " whether it was restored, or lost changes in a fail-over",
                record.address);
    }
}

package dev.tidemark.store.rules;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.EventDraft;
import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.change.JournalEntry;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.engine.SyncStateQueries;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.Watermark;
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

    private final BackwardJournalReader walk;
    private final SyncStateQueries states;
    private final Duration margin;

    DatabaseRollback(BackwardJournalReader walk, SyncStateQueries states, Duration margin) {
        this.walk = walk;
        this.states = states;
        this.margin = margin;
    }

    /// Returns whether the watermark is the one with which a lost subscription was replaced. Its repetition does
    /// not prove that everything since has been reported.
    static boolean isUnproven(MailboxRecord cell, Watermark watermark) {
        return cell.live
                .filter(live -> live.reason() == SubscribeReason.SILENCE || live.reason() == SubscribeReason.ERROR)
                .flatMap(SubscribeAttempt::from)
                .filter(watermark::equals)
                .isPresent();
    }

    /// Checks a notification before the mailbox's chain moves with it, and leaves a resync from scratch pending
    /// if the database went back.
    void check(StoreChangeSet draft, MailboxRecord cell, ChainLink link, List<EventDraft> facts, Arrival arrival) {
        var shows =
                link.heartbeat() ? standsStill(cell, link, arrival) : isRenumbered(draft, cell, link, facts, arrival);
        if (shows) {
            cell.standstill = cell.standstill.withHeartbeats(MAX_STILL);
            cell.compared = MAX_COMPARED;
            scheduleResync(draft, cell);
        }
    }

    /// @param seen true for an event that is in the journal
    record Arrival(Instant receivedAt, Predicate<EventKey> seen) {}

    private static boolean standsStill(MailboxRecord cell, ChainLink link, Arrival arrival) {
        if (cell.standstill.heartbeats() >= MAX_STILL
                || link.last().filter(mark -> isUnproven(cell, mark)).isEmpty()) {
            return false;
        }
        cell.standstill = cell.standstill.with(arrival.receivedAt());
        return cell.standstill.heartbeats() == MAX_STILL;
    }

    /// Returns whether a known watermark comes with an unknown event, or with the same change at another time.
    private boolean isRenumbered(
            StoreChangeSet draft, MailboxRecord cell, ChainLink link, List<EventDraft> facts, Arrival arrival) {
        var isReplacement = cell.live
                .flatMap(SubscribeAttempt::from)
                .filter(mark -> isUnproven(cell, mark))
                .isPresent();
        if (!isReplacement || link.last().isEmpty() || cell.compared >= MAX_COMPARED) {
            return false;
        }
        cell.compared++;
        var last = facts.getLast();
        return before(draft, cell, link.last().get())
                .map(entry -> isAnother(entry, last, arrival))
                .orElse(false);
    }

    private Optional<JournalEntry> before(StoreChangeSet draft, MailboxRecord cell, Watermark mark) {
        var found = new JournalEntry[1];
        var left = new int[] {RECENT_ENTRIES};
        var end = draft.published(cell.id).map(seen -> seen.lastPosition).orElse(0L);
        walk.back(cell.id, end, (entry, recordedAt) -> {
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
        return entry.facts().stream()
                .filter(fact -> fact.key().equals(last.key()))
                .findFirst()
                .map(fact -> !fact.time().equals(last.time()) && !last.time().equals(arrival.receivedAt()))
                .orElseGet(() -> !arrival.seen().test(last.key()));
    }

    /// Schedules a resync from scratch, without the sync states: they may lie ahead as well, and would hide new
    /// items.
    private void scheduleResync(StoreChangeSet draft, MailboxRecord cell) {
        cell.requestResync(cell.resyncStart(margin));
        cell.schedule(
                new PendingCompensation(SubscribeReason.ERROR, draft.now(), true, CAUSE),
                cell.live.orElseThrow().number());
        cell.lastError = Optional.of(CAUSE);
        states.folders(cell.id).forEach(folder -> draft.add(new Change.FolderStateRemoved(cell.id, folder)));
        draft.save(cell);
        LOG.warn(
                "Mailbox {} is resynchronized from scratch because its database may have gone back in time; check"
                        + " whether it was restored, or lost changes in a fail-over",
                cell.address);
    }
}

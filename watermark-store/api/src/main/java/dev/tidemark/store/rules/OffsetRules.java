package dev.tidemark.store.rules;

import dev.tidemark.store.ExchangeOffsets;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.change.EventDraft;
import dev.tidemark.store.change.JournalEntry;
import dev.tidemark.store.engine.ClockOffsetQueries;
import dev.tidemark.values.ClockOffset;
import dev.tidemark.values.NotificationMessage.Notification;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// Implements [ExchangeOffsets] in memory and on the committed state. Converts the times of events to the local
/// clock, as the only place in the store.
final class OffsetRules implements ExchangeOffsets {
    private final CommittedState committed;
    private final UnaryOperator<String> connectionOf;
    private final EventTimeBounds events;
    private final Duration margin;
    private final Map<String, ClockOffset> offsets = new ConcurrentHashMap<>();

    /// @param connectionOf returns a group's connection
    /// @param margin time before a watermark that a resync includes
    OffsetRules(
            CommittedState committed, ClockOffsetQueries stored, UnaryOperator<String> connectionOf, Duration margin) {
        this.committed = committed;
        this.connectionOf = connectionOf;
        this.margin = margin;
        this.events = new EventTimeBounds(stored);
        stored.offsets().forEach(row -> offsets.put(row.connection(), row.offset()));
        committed.memory().addFollower(this::follow);
    }

    /// Follows a change of another node.
    private void follow(Change change) {
        if (change instanceof Change.ClockOffsetSaved(var connection, var offset)) {
            offsets.put(connection, offset);
        } else if (change instanceof Change.EventTimeSaved saved) {
            events.follow(saved);
        }
    }

    @Override
    public Optional<ClockOffset> offsetOf(String connection) {
        return Optional.ofNullable(offsets.get(connection));
    }

    @Override
    public ClockOffset offsetOfGroup(String group) {
        return offsetOf(connectionOf.apply(group)).orElse(ClockOffset.NONE);
    }

    @Override
    public Optional<Duration> boundByEvents(String connection) {
        return events.largest(connection);
    }

    /// Includes paused and removed mailboxes, because they may return.
    @Override
    public Optional<Instant> earliestLookBack(String connection) {
        return committed.all().stream()
                .filter(record -> connectionOf.apply(record.membership.group()).equals(connection))
                .flatMap(record -> record.lookBackTimes(margin))
                .min(Comparator.naturalOrder());
    }

    @Override
    public void save(String connection, ClockOffset offset, ClockOffset remembered) {
        committed.change(changeSet -> {
            changeSet.add(new Change.ClockOffsetSaved(connection, remembered));
            return changeSet;
        });
        offsets.put(connection, offset);
    }

    /// Learns from the events of a notification, unless they may be a replay. A subscription that began from a
    /// watermark may be behind until the first heartbeat after the first callback. Must be called before
    /// [MailboxProjector#recordCallback].
    void learnFrom(StoreChangeSet changeSet, MailboxRecord record, Notification notification, Instant receivedAt) {
        var changes = EventDraftFactory.changes(notification);
        if (changes.isEmpty()) {
            record.caughtUp |= record.calledBack;
        } else if (record.isLively() && !notification.moreEvents()) {
            changes.stream()
                    .flatMap(change -> change.timeStamp().stream())
                    .max(Comparator.naturalOrder())
                    .ifPresent(newest -> events.learnFrom(
                            changeSet, connectionOf.apply(record.membership.group()), newest, receivedAt));
        }
    }

    /// Must be called after a failed write: what [#learnFrom] added may not be stored.
    void forgetSaved() {
        events.forgetSaved();
    }

    /// Returns the times of the mailbox's events, by the local clock. If the servers' clocks disagree, the earlier
    /// time counts: after a later one, a resync would miss changes.
    List<Instant> localTimes(MailboxRecord record, List<EventDraft> drafts) {
        return minus(offsetOfGroup(record.membership.group()).most(), drafts);
    }

    /// Returns the times of an entry's events by the local clock, at the latest their own times. If the local
    /// clock was ahead when the offset was measured, Exchange only seemed to be behind.
    List<Instant> latestLocalTimes(JournalEntry entry) {
        var ahead =
                entry.mailbox().map(ref -> offsetOfGroup(ref.group()).most()).filter(Duration::isPositive);
        return minus(ahead.orElse(Duration.ZERO), entry.drafts());
    }

    private static List<Instant> minus(Duration ahead, List<EventDraft> drafts) {
        return drafts.stream().map(draft -> draft.time().minus(ahead)).toList();
    }
}

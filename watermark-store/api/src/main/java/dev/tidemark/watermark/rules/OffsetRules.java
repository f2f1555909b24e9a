package dev.tidemark.watermark.rules;

import dev.tidemark.values.ClockOffset;
import dev.tidemark.values.NotificationMessage.Notification;
import dev.tidemark.watermark.ExchangeOffsets;
import dev.tidemark.watermark.change.Change;
import dev.tidemark.watermark.change.Entry;
import dev.tidemark.watermark.change.Fact;
import dev.tidemark.watermark.engine.ClockOffsetQueries;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/// [ExchangeOffsets] in memory and on the ledger. Converts the times of events to our clock, the one place where
/// the store does so.
final class OffsetRules implements ExchangeOffsets {
    private final Ledger ledger;
    private final UnaryOperator<String> connectionOf;
    private final EventTimeBounds events;
    private final Duration margin;
    private final Map<String, ClockOffset> offsets = new ConcurrentHashMap<>();

    /// @param connectionOf returns a group's connection
    /// @param margin how far before a watermark a resync looks
    OffsetRules(Ledger ledger, ClockOffsetQueries stored, UnaryOperator<String> connectionOf, Duration margin) {
        this.ledger = ledger;
        this.connectionOf = connectionOf;
        this.margin = margin;
        this.events = new EventTimeBounds(stored);
        stored.offsets().forEach(row -> offsets.put(row.connection(), row.offset()));
    }

    @Override
    public Optional<ClockOffset> of(String connection) {
        return Optional.ofNullable(offsets.get(connection));
    }

    @Override
    public ClockOffset ofGroup(String group) {
        return of(connectionOf.apply(group)).orElse(ClockOffset.NONE);
    }

    @Override
    public Optional<Duration> byEvents(String connection) {
        return events.largest(connection);
    }

    /// Mailboxes that are paused or removed count too: they may come back.
    @Override
    public Optional<Instant> earliestLookBack(String connection) {
        return ledger.all().stream()
                .filter(cell -> connectionOf.apply(cell.membership.group()).equals(connection))
                .flatMap(cell -> cell.looksBackTo(margin))
                .min(Comparator.naturalOrder());
    }

    @Override
    public void learned(String connection, ClockOffset offset, ClockOffset remembered) {
        ledger.change(draft -> {
            draft.add(new Change.ClockOffsetSaved(connection, remembered));
            return draft;
        });
        offsets.put(connection, offset);
    }

    /// Learns from the events of a notification, unless they may be a replay: until the first heartbeat after the
    /// first callback, a subscription that began from a watermark may be behind. To be called before
    /// [Progress#heard].
    void received(Draft draft, Cell cell, Notification notification, Instant receivedAt) {
        var changes = FactMaker.changes(notification);
        if (changes.isEmpty()) {
            cell.caughtUp |= cell.calledBack;
        } else if (cell.isLively() && !notification.moreEvents()) {
            changes.stream()
                    .flatMap(change -> change.timeStamp().stream())
                    .max(Comparator.naturalOrder())
                    .ifPresent(newest ->
                            events.received(draft, connectionOf.apply(cell.membership.group()), newest, receivedAt));
        }
    }

    /// Must be called after a failed write: what [#received] added may not be stored.
    void forgetSaved() {
        events.forgetSaved();
    }

    /// Returns the times of the mailbox's events, by our clock. If the servers' clocks disagree, the earlier time
    /// counts: after a later one, a resync would miss changes.
    List<Instant> ours(Cell cell, List<Fact> facts) {
        return minus(ofGroup(cell.membership.group()).most(), facts);
    }

    /// Returns when an entry's events happened by our clock, at the latest by their own times: where our clock was
    /// ahead when the offset was learned, Exchange only seemed to be behind.
    List<Instant> oursAtLatest(Entry entry) {
        var ahead = entry.mailbox().map(ref -> ofGroup(ref.group()).most()).filter(Duration::isPositive);
        return minus(ahead.orElse(Duration.ZERO), entry.facts());
    }

    private static List<Instant> minus(Duration ahead, List<Fact> facts) {
        return facts.stream().map(fact -> fact.time().minus(ahead)).toList();
    }
}

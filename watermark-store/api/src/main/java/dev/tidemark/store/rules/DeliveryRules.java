package dev.tidemark.store.rules;

import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.DeadLetterQueries;
import dev.tidemark.store.engine.DeferredQueries;
import dev.tidemark.store.engine.SinkQueries;
import dev.tidemark.store.engine.StoreEngine;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Implements [DeliveryStore] on the committed state.
final class DeliveryRules implements DeliveryStore {
    /// Limit for the rows of one unit of work, because callbacks wait for it.
    private static final int ROWS_AT_ONCE = 500;

    private final CommittedState committed;
    private final StoreEngine engine;
    private final SinkQueries sinks;
    private final DeferredQueries deferred;
    private final DeadLetterQueries dead;
    /// sinks of the current configuration, each opened before any delivery or removal
    private final Set<SinkName> opened;
    /// lease under which this view changes the store
    private final Optional<Lease> lease;

    DeliveryRules(CommittedState committed, StoreEngine engine) {
        this(committed, engine, ConcurrentHashMap.newKeySet(), Optional.empty());
    }

    private DeliveryRules(CommittedState committed, StoreEngine engine, Set<SinkName> opened, Optional<Lease> lease) {
        this.committed = committed;
        this.engine = engine;
        this.opened = opened;
        this.lease = lease;
        this.sinks = engine.sinks();
        this.deferred = engine.deferred();
        this.dead = engine.deadLetters();
    }

    @Override
    public DeliveryStore under(Lease held) {
        return new DeliveryRules(committed, engine, opened, Optional.of(held));
    }

    private <T> T change(Function<StoreChangeSet, T> rule) {
        return committed.changeUnder(lease, rule);
    }

    @Override
    public Optional<DeliveryPosition> savedPosition(SinkName sink) {
        return sinks.position(sink);
    }

    @Override
    public DeliveryPosition open(SinkName sink) {
        opened.add(sink);
        return change(changeSet -> sinks.position(sink).orElseGet(() -> {
            var initial = DeliveryPosition.at(new JournalPosition(changeSet.end()));
            changeSet.add(new Change.SinkSaved(sink, initial, SinkStatus.HEALTHY));
            return initial;
        }));
    }

    @Override
    public void release(SinkName sink) {
        opened.remove(sink);
    }

    @Override
    public SinkStatus status(SinkName sink) {
        return sinks.status(sink).orElse(SinkStatus.HEALTHY);
    }

    @Override
    public void saveStatus(SinkName sink, SinkStatus status) {
        var initial = open(sink);
        change(changeSet -> {
            changeSet.add(new Change.SinkSaved(sink, sinks.position(sink).orElse(initial), status));
            return changeSet;
        });
    }

    @Override
    public void save(
            SinkName sink,
            DeliveryPosition position,
            Collection<DeferredDelivery> rows,
            Collection<JournalPosition> done) {
        opened.add(sink);
        change(changeSet -> {
            changeSet.add(new Change.SinkSaved(sink, position, status(sink)));
            rows.stream()
                    .filter(row -> !isForgotten(row))
                    .forEach(row -> changeSet.add(new Change.DeliveryDeferred(row)));
            done.forEach(each -> changeSet.add(new Change.DeferralRemoved(sink, each)));
            return changeSet;
        });
    }

    /// Returns whether the event was in flight while its mailbox was forgotten.
    private boolean isForgotten(DeferredDelivery row) {
        return MailboxId.find(row.lane())
                .map(committed.forgotten()::get)
                .filter(forgotten -> row.position().value() < forgotten.lastPosition())
                .isPresent();
    }

    @Override
    public List<DeferredDelivery> deferred(SinkName sink, String lane, int limit) {
        return deferred.ofLane(sink, lane, limit);
    }

    @Override
    public List<LaneDue> deferredLanes(SinkName sink) {
        return deferred.lanes(sink);
    }

    @Override
    public long deferredCount(SinkName sink) {
        return deferred.count(sink);
    }

    @Override
    public Optional<JournalPosition> oldestDeferred(SinkName sink) {
        return deferred.lowest(sink).map(JournalPosition::new);
    }

    @Override
    public void saveDeadLetter(DeadLetter letter) {
        change(changeSet -> {
            if (!letter.event().isForgotten(committed.forgotten().keySet())) {
                changeSet.add(new Change.DeadLetterSaved(letter, false));
            }
            changeSet.add(
                    new Change.DeferralRemoved(letter.sink(), letter.event().position()));
            return changeSet;
        });
    }

    @Override
    public List<DeadLetter> deadLetters(Optional<SinkName> sink, Optional<DeadLetter.PageKey> after, int limit) {
        return dead.newest(sink, after, limit);
    }

    @Override
    public Map<SinkName, Long> deadLetterCounts() {
        return dead.countsBySink();
    }

    @Override
    public long deadLetterCount() {
        return dead.count();
    }

    @Override
    public boolean dropDeadLetter(String id) {
        return change(changeSet -> {
            var there = dead.exists(id);
            if (there) {
                changeSet.add(new Change.DeadLetterRemoved(id));
            }
            return there;
        });
    }

    @Override
    public int pruneDeadLetters(Instant before) {
        var removed = 0;
        for (var left = dead.countBefore(before); left > 0; left -= ROWS_AT_ONCE) {
            removed += change(changeSet -> {
                var ids = dead.deadLetteredBefore(before, ROWS_AT_ONCE);
                ids.forEach(id -> changeSet.add(new Change.DeadLetterRemoved(id)));
                return ids.size();
            });
        }
        return removed;
    }

    @Override
    public JournalPosition deliveredByAll() {
        var lowest = Long.MAX_VALUE;
        for (var sink : opened) {
            var up = sinks.position(sink).map(position -> position.upTo().value());
            var waiting = deferred.lowest(sink).map(each -> each - 1);
            lowest = Math.min(lowest, Math.min(up.orElse(lowest), waiting.orElse(lowest)));
        }
        return lowest == Long.MAX_VALUE
                ? new JournalPosition(committed.arrivals().end())
                : new JournalPosition(lowest);
    }
}

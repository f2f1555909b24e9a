package dev.tidemark.store.rules;

import dev.tidemark.store.DeliveryStore;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.change.Change;
import dev.tidemark.store.engine.DeadLetterQueries;
import dev.tidemark.store.engine.DeferredQueries;
import dev.tidemark.store.engine.SinkQueries;
import dev.tidemark.store.engine.StoreEngine;
import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.lease.LeaseStore.LeaseLostException;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.DeliveryPosition;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkPartition;
import dev.tidemark.store.model.SinkStatus;
import dev.tidemark.store.partition.SinkLayout;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// Implements [DeliveryStore] on the committed state.
final class DeliveryRules implements DeliveryStore {
    /// Limit for the rows of one unit of work, because callbacks wait for it.
    private static final int ROWS_AT_ONCE = 500;

    private final CommittedState committed;
    private final StoreEngine engine;
    private final SinkQueries sinks;
    private final DeferredQueries deferred;
    private final DeadLetterQueries dead;
    private final SinkLayout layout;
    /// sinks of the current configuration, each opened before any delivery or removal
    private final Set<OpenedSink> opened;
    private final View view;

    /// Part of a sink that holds a claim on the journal.
    private record OpenedSink(SinkName sink, SinkPartition partition) {}

    /// Restrictions of a view of the store.
    ///
    /// @param lease lease under which it changes the store
    private record View(Optional<Lease> lease, SinkPartition partition) {}

    DeliveryRules(CommittedState committed, StoreEngine engine) {
        this(committed, engine, ConcurrentHashMap.newKeySet(), new View(Optional.empty(), SinkPartition.WHOLE));
    }

    private DeliveryRules(CommittedState committed, StoreEngine engine, Set<OpenedSink> opened, View view) {
        this.committed = committed;
        this.engine = engine;
        this.layout = new SinkLayout(engine);
        this.opened = opened;
        this.view = view;
        this.sinks = engine.sinks();
        this.deferred = engine.deferred();
        this.dead = engine.deadLetters();
    }

    @Override
    public DeliveryStore under(Lease held) {
        return new DeliveryRules(committed, engine, opened, new View(Optional.of(held), view.partition()));
    }

    @Override
    public DeliveryStore of(SinkPartition partition) {
        return new DeliveryRules(committed, engine, opened, new View(view.lease(), partition));
    }

    private SinkName row(SinkName sink) {
        return view.partition().row(sink);
    }

    private <T> T change(Function<StoreChangeSet, T> rule) {
        return committed.changeUnder(view.lease(), rule);
    }

    @Override
    public Optional<DeliveryPosition> savedPosition(SinkName sink) {
        return sinks.position(row(sink));
    }

    @Override
    public DeliveryPosition open(SinkName sink) {
        opened.add(new OpenedSink(sink, view.partition()));
        return change(changeSet -> sinks.position(row(sink)).orElseGet(() -> layOut(changeSet, sink)));
    }

    private DeliveryPosition layOut(StoreChangeSet changeSet, SinkName sink) {
        if (view.lease().isPresent()) {
            requireUnknown(sink);
        }
        var changes = layout.changes(sink, view.partition().count(), changeSet.end());
        changes.forEach(changeSet::add);
        return changes.stream()
                .flatMap(change -> change instanceof Change.SinkSaved saved ? Stream.of(saved.position()) : Stream.of())
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void release(SinkName sink) {
        opened.remove(new OpenedSink(sink, view.partition()));
    }

    @Override
    public SinkStatus status(SinkName sink) {
        return sinks.status(row(sink)).orElse(SinkStatus.HEALTHY);
    }

    @Override
    public void saveStatus(SinkName sink, SinkStatus status) {
        opened.add(new OpenedSink(sink, view.partition()));
        change(changeSet -> {
            var position = sinks.position(row(sink)).orElseGet(() -> firstPosition(changeSet, sink));
            changeSet.add(new Change.SinkSaved(row(sink), position, status));
            return changeSet;
        });
    }

    @Override
    public void save(
            SinkName sink,
            DeliveryPosition position,
            Collection<DeferredDelivery> rows,
            Collection<JournalPosition> done) {
        opened.add(new OpenedSink(sink, view.partition()));
        change(changeSet -> {
            var status = sinks.status(row(sink)).orElseGet(() -> firstStatus(sink));
            changeSet.add(new Change.SinkSaved(row(sink), position, status));
            rows.stream()
                    .filter(row -> !isForgotten(row))
                    .forEach(row -> changeSet.add(new Change.DeliveryDeferred(row)));
            done.forEach(each -> changeSet.add(new Change.DeferralRemoved(sink, each)));
            return changeSet;
        });
    }

    private DeliveryPosition firstPosition(StoreChangeSet changeSet, SinkName sink) {
        requireUnknown(sink);
        return DeliveryPosition.at(new JournalPosition(changeSet.end()));
    }

    private SinkStatus firstStatus(SinkName sink) {
        requireUnknown(sink);
        return SinkStatus.HEALTHY;
    }

    /// Refuses to add a row to a sink that has another number of partitions. A node that was frozen may still have
    /// the old number, under leases that no node has taken.
    private void requireUnknown(SinkName sink) {
        if (layout.knows(sink)) {
            throw view.lease()
                    .<RuntimeException>map(LeaseLostException::new)
                    .orElseGet(() -> StoreException.permanent(
                            "Sink " + sink + " has another number of partitions now; restart this process."));
        }
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
            if (view.lease().isPresent() && sinks.status(row(letter.sink())).isEmpty()) {
                requireUnknown(letter.sink());
            }
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
        for (var each : opened) {
            var row = each.partition().row(each.sink());
            var up = sinks.position(row).map(position -> position.upTo().value());
            var waiting = deferred.lowest(each.sink()).map(first -> first - 1);
            lowest = Math.min(lowest, Math.min(up.orElse(0L), waiting.orElse(lowest)));
        }
        return lowest == Long.MAX_VALUE
                ? new JournalPosition(committed.arrivals().end())
                : new JournalPosition(lowest);
    }
}

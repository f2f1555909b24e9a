package dev.tidemark.watermark;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// [Deliveries] on tables of their own.
final class H2Deliveries implements Deliveries {
    private final Ledger ledger;
    private final SinkTable sinks;
    private final DeferredTable deferred;
    private final DeadLetterTable dead;
    /// Those of the present configuration: each is opened before anything is delivered or removed.
    private final Set<SinkName> opened = ConcurrentHashMap.newKeySet();

    H2Deliveries(Ledger ledger, JdbcRunner jdbc) {
        this.ledger = ledger;
        this.sinks = new SinkTable(jdbc);
        this.deferred = new DeferredTable(jdbc);
        this.dead = new DeadLetterTable(jdbc);
    }

    @Override
    public DeliveryPosition open(SinkName sink) {
        opened.add(sink);
        return ledger.change(draft -> sinks.position(sink).orElseGet(() -> {
            var fresh = DeliveryPosition.at(new Position(draft.end()));
            draft.also(tx -> SinkTable.create(tx, sink, fresh));
            return fresh;
        }));
    }

    @Override
    public SinkStatus status(SinkName sink) {
        return sinks.status(sink).orElse(SinkStatus.HEALTHY);
    }

    @Override
    public void saveStatus(SinkName sink, SinkStatus status) {
        open(sink);
        ledger.change(draft -> {
            draft.also(tx -> SinkTable.saveStatus(tx, sink, status));
            return draft;
        });
    }

    @Override
    public void save(
            SinkName sink, DeliveryPosition position, Collection<DeferredDelivery> rows, Collection<Position> done) {
        opened.add(sink);
        ledger.change(draft -> {
            draft.also(tx -> {
                SinkTable.savePosition(tx, sink, position);
                rows.forEach(row -> DeferredTable.save(tx, row));
                done.forEach(place -> DeferredTable.remove(tx, sink, place));
            });
            return draft;
        });
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
    public void bury(DeadLetter letter) {
        ledger.change(draft -> {
            draft.also(tx -> {
                DeadLetterTable.save(tx, letter);
                DeferredTable.remove(tx, letter.sink(), letter.event().position());
            });
            return draft;
        });
    }

    @Override
    public List<DeadLetter> deadLetters(Optional<SinkName> sink, Optional<DeadLetter.Place> after, int limit) {
        return dead.newest(sink, after, limit);
    }

    @Override
    public long deadLetterCount() {
        return dead.count();
    }

    @Override
    public boolean dropDeadLetter(String id) {
        var there = dead.exists(id);
        if (there) {
            ledger.change(draft -> {
                draft.also(tx -> DeadLetterTable.remove(tx, id));
                return draft;
            });
        }
        return there;
    }

    @Override
    public int pruneDeadLetters(Instant before) {
        var old = dead.countBefore(before);
        if (old > 0) {
            ledger.change(draft -> {
                draft.also(tx -> DeadLetterTable.removeBefore(tx, before));
                return draft;
            });
        }
        return old;
    }

    @Override
    public Position deliveredByAll() {
        var lowest = Long.MAX_VALUE;
        for (var sink : opened) {
            var up = sinks.position(sink).map(position -> position.upTo().value());
            var waiting = deferred.lowest(sink).map(place -> place - 1);
            lowest = Math.min(lowest, Math.min(up.orElse(lowest), waiting.orElse(lowest)));
        }
        return lowest == Long.MAX_VALUE ? new Position(ledger.arrivals().end()) : new Position(lowest);
    }
}

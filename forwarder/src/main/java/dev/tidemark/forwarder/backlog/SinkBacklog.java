package dev.tidemark.forwarder.backlog;

import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a sink has still to take: a bounded window of events that were read, and the lanes whose events wait
/// in rows because one of them failed. The window moves on past those. Used by one thread.
public final class SinkBacklog {
    private final ThroughputConfig pace;
    private final SinkWriteBuffer ledger;
    private final SinkStats tally;
    private final DeliveryWindow window;
    private final DeferredLaneScheduler deferred;
    private final SinkJournalReader reading;

    /// Until when a request that is not full waits.
    private Optional<Instant> lingerEnds = Optional.empty();

    public SinkBacklog(SinkConfig config, SinkEventFilter routing, SinkWriteBuffer ledger, SinkStats tally) {
        this(config, routing, new DetailWaitPolicy(ItemDetailStore.NONE, Instant.EPOCH), ledger, tally);
    }

    public SinkBacklog(
            SinkConfig config,
            SinkEventFilter routing,
            DetailWaitPolicy details,
            SinkWriteBuffer ledger,
            SinkStats tally) {
        this.pace = config.pace();
        this.ledger = ledger;
        this.tally = tally;
        this.window = new DeliveryWindow(config.ordering());
        var losses = new ExpiredEventReporter(config.name(), ledger, tally);
        this.deferred = new DeferredLaneScheduler(config, details, ledger, losses);
        var shelves = new SinkJournalReader.Destinations(window, deferred, pace);
        this.reading = new SinkJournalReader(routing, details, ledger, losses, shelves);
    }

    /// Reads on as far as there is room; returns whether there may be more to read at once.
    public boolean fill(Instant now) {
        return reading.fill(now);
    }

    /// What is to be read away from the desk, and then to be admitted.
    public Optional<SinkJournalReader.ReadAhead> readAhead() {
        return reading.nextReadAhead();
    }

    /// What was read ahead; none if it could not be read.
    public void enqueueReadAhead(SinkJournalReader.ReadAhead read, List<JournalEvent> events, Instant now) {
        reading.enqueue(read, events, now);
    }

    /// The next events to send together; none if there are none to send now. Lanes in trouble come first,
    /// unless they have their share already: failing mailboxes must not keep the others from being served.
    public List<PendingDelivery> next(Instant now, boolean parkedMayGo) {
        var troubled = parkedMayGo || !window.hasReady() ? deferred.next(now) : Optional.<PendingDelivery>empty();
        if (troubled.isPresent()) {
            return List.of(troubled.get());
        }
        if (lingers(now)) {
            return List.of();
        }
        lingerEnds = Optional.empty();
        return window.poll(pace.batch());
    }

    /// Whether a request that is not full should wait a little for more events.
    private boolean lingers(Instant now) {
        if (pace.linger().isZero() || !window.hasReady() || window.hasReady(pace.batch())) {
            lingerEnds = Optional.empty();
            return false;
        }
        var until = lingerEnds.orElseGet(() -> now.plus(pace.linger()));
        lingerEnds = Optional.of(until);
        return until.isAfter(now);
    }

    /// The oldest event, or with `other` the oldest of another lane: the first may be what the sink stumbles
    /// over.
    public Optional<PendingDelivery> probe(Instant now, boolean other) {
        return window.pollOldest(other).or(() -> deferred.next(now));
    }

    public void onDelivered(PendingDelivery delivery, Instant now) {
        if (delivery.row().isPresent()) {
            deferred.onDelivered(delivery, now);
        } else {
            ledger.progress().done(delivery.position());
            window.remove(delivery);
        }
    }

    /// The event was tried in vain and nothing of it changes.
    public void requeue(PendingDelivery delivery, Instant now) {
        if (delivery.row().isPresent()) {
            deferred.requeue(delivery, now);
        } else {
            window.requeue(delivery);
        }
    }

    /// The event waits in a row from now on, and so do those behind it.
    public void defer(PendingDelivery delivery, DeferredDelivery row, Instant now) {
        if (delivery.row().isPresent()) {
            deferred.reschedule(delivery, row, now);
        } else {
            deferred.park(delivery, window.removeLane(delivery), row, now);
        }
    }

    public void deadLetter(PendingDelivery delivery, DeadLetter letter, Instant now) {
        ledger.deadLetter(letter);
        tally.deadLetters.increment();
        if (delivery.row().isPresent()) {
            deferred.release(delivery, now);
        } else {
            window.remove(delivery);
        }
    }

    public Optional<Instant> nextDue() {
        return deferred.nextDue();
    }

    /// When a request that is not full goes all the same.
    public Optional<Instant> lingerEnds() {
        return lingerEnds;
    }

    /// Whether an event waits because it or one before it failed.
    public boolean hasDeferred() {
        return !deferred.isEmpty();
    }

    public boolean hasReady() {
        return window.hasReady();
    }

    public int windowSize() {
        return window.size();
    }

    public Optional<JournalEvent> oldest() {
        return window.oldest().map(PendingDelivery::event);
    }

    public JournalPosition read() {
        return ledger.progress().read();
    }
}

package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.routing.SinkEventFilter;
import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.DeferredDelivery;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Events that a sink still has to receive: a bounded window of events that were read, and lanes of deferred
/// events. A failed event does not stop the window. Not thread-safe; guarded by the sink's lock.
final class SinkBacklog {
    private final ThroughputConfig pace;
    private final SinkWriteBuffer buffer;
    private final SinkStats stats;
    private final DeliveryWindow window;
    private final DeferredLaneScheduler deferred;
    private final SinkJournalReader reading;

    /// Time until which a partial request waits for more events.
    private Optional<Instant> lingerEnds = Optional.empty();

    public SinkBacklog(SinkConfig config, SinkEventFilter filter, SinkWriteBuffer buffer, SinkStats stats) {
        this(config, filter, new DetailWaitPolicy(ItemDetailStore.NONE, Instant.EPOCH), buffer, stats);
    }

    public SinkBacklog(
            SinkConfig config,
            SinkEventFilter filter,
            DetailWaitPolicy details,
            SinkWriteBuffer buffer,
            SinkStats stats) {
        this.pace = config.pace();
        this.buffer = buffer;
        this.stats = stats;
        this.window = new DeliveryWindow(config.ordering());
        var expired = new ExpiredEventReporter(config.name(), buffer, stats);
        this.deferred = new DeferredLaneScheduler(config, details, buffer, expired);
        var destinations = new SinkJournalReader.Destinations(window, deferred, pace, stats);
        this.reading = new SinkJournalReader(filter, details, buffer, expired, destinations);
    }

    /// Reads events up to the limit of the window; returns true if more can be read at once.
    public boolean fill(Instant now) {
        return reading.fill(now);
    }

    /// Returns the next read to do without the sink's lock, if one is useful.
    public Optional<SinkJournalReader.ReadAhead> readAhead() {
        return reading.nextReadAhead();
    }

    /// Adds the events that were read ahead; empty if the read failed.
    public void enqueueReadAhead(SinkJournalReader.ReadAhead read, List<JournalEvent> events, Instant now) {
        reading.enqueue(read, events, now);
    }

    /// Returns the next events to send together; empty if none can be sent now.
    public List<PendingDelivery> next(Instant now, boolean mayTakeDeferred) {
        var next = nextOrForgotten(now, mayTakeDeferred);
        // nearly always empty, and asked for each request
        while (!buffer.forgotten().isEmpty() && next.stream().anyMatch(this::isForgotten)) {
            var kept = next.stream()
                    .filter(delivery -> !dropIfForgotten(delivery, now))
                    .toList();
            next = kept.isEmpty() ? nextOrForgotten(now, mayTakeDeferred) : kept;
        }
        return next;
    }

    /// Takes deferred lanes first up to their share, so failing mailboxes do not block the others.
    private List<PendingDelivery> nextOrForgotten(Instant now, boolean mayTakeDeferred) {
        var failing = mayTakeDeferred || !window.hasReady() ? deferred.next(now) : Optional.<PendingDelivery>empty();
        if (failing.isPresent()) {
            return List.of(failing.get());
        }
        if (lingers(now)) {
            return List.of();
        }
        lingerEnds = Optional.empty();
        return window.poll(pace.batch());
    }

    /// Returns true if a partial request should wait for more events.
    private boolean lingers(Instant now) {
        if (pace.linger().isZero() || !window.hasReady() || window.hasReady(pace.batch())) {
            lingerEnds = Optional.empty();
            return false;
        }
        var until = lingerEnds.orElseGet(() -> now.plus(pace.linger()));
        lingerEnds = Optional.of(until);
        return until.isAfter(now);
    }

    /// Returns the oldest event to probe with. With `other`, prefers another lane, because the oldest event may
    /// be the cause of the failure.
    public Optional<PendingDelivery> probe(Instant now, boolean other) {
        var next = window.pollOldest(other).or(() -> deferred.next(now));
        while (next.filter(delivery -> dropIfForgotten(delivery, now)).isPresent()) {
            next = window.pollOldest(other).or(() -> deferred.next(now));
        }
        return next;
    }

    private boolean isForgotten(PendingDelivery delivery) {
        return delivery.event().isForgotten(buffer.forgotten());
    }

    /// Drops the event if its mailbox was forgotten while it waited or was in flight; returns whether it did.
    boolean dropIfForgotten(PendingDelivery delivery, Instant now) {
        if (!isForgotten(delivery)) {
            return false;
        }
        stats.forgotten.increment();
        onDelivered(delivery, now);
        return true;
    }

    public void onDelivered(PendingDelivery delivery, Instant now) {
        if (delivery.row().isPresent()) {
            deferred.onDelivered(delivery, now);
        } else {
            buffer.progress().done(delivery.position());
            window.remove(delivery);
        }
    }

    /// Returns an event after a failure of the sink; its state does not change.
    public void requeue(PendingDelivery delivery, Instant now) {
        if (dropIfForgotten(delivery, now)) {
            return;
        }
        if (delivery.row().isPresent()) {
            deferred.requeue(delivery, now);
        } else {
            window.requeue(delivery);
        }
    }

    /// Defers an event to a row, together with the later events of its lane.
    public void defer(PendingDelivery delivery, DeferredDelivery row, Instant now) {
        if (delivery.row().isPresent()) {
            deferred.reschedule(delivery, row, now);
        } else {
            deferred.park(delivery, window.removeLane(delivery), row, now);
        }
    }

    public void deadLetter(PendingDelivery delivery, DeadLetter letter, Instant now) {
        buffer.deadLetter(letter);
        stats.deadLetters.increment();
        if (delivery.row().isPresent()) {
            deferred.release(delivery, now);
        } else {
            window.remove(delivery);
        }
    }

    public Optional<Instant> nextDue() {
        return deferred.nextDue();
    }

    /// Returns the time at which a partial request is sent anyway.
    public Optional<Instant> lingerEnds() {
        return lingerEnds;
    }

    /// Returns true if an event waits because it or an earlier one failed.
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
        return buffer.progress().read();
    }

    JournalPosition saved() {
        return buffer.savedUpTo();
    }
}

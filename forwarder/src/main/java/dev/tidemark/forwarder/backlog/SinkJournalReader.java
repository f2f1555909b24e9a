package dev.tidemark.forwarder.backlog;

import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads on in the journal for a sink, as far as there is room, and sorts what it reads: into the window, or
/// behind the events that wait in rows. Used by one thread.
public final class SinkJournalReader {
    private static final int PAGE = 512;

    /// Events kept for the requests to come at least: what is read at once costs less, and while half of it
    /// is left there is time to read on.
    private static final int MIN_WINDOW = 2 * PAGE;
    private static final int REFILL_DIVISOR = 4;

    /// Events kept ahead of the requests under way; memory is bounded by it.
    private static final int MAX_WINDOW = 16 * 1024;

    private final SinkEventFilter routing;
    private final DetailWaitPolicy details;
    private final SinkWriteBuffer ledger;
    private final ExpiredEventReporter losses;
    private final DeliveryWindow window;
    private final DeferredLaneScheduler deferred;
    private final BacklogExpirer expiry;
    private final int windowLimit;
    private boolean readingAhead;

    /// Whether the last reading came to the journal's end; the next that is due by itself tries again.
    private boolean atEnd;

    /// Where events go that were read.
    record Destinations(DeliveryWindow window, DeferredLaneScheduler deferred, ThroughputConfig pace) {}

    SinkJournalReader(
            SinkEventFilter routing,
            DetailWaitPolicy details,
            SinkWriteBuffer ledger,
            ExpiredEventReporter losses,
            Destinations shelves) {
        this.routing = routing;
        this.details = details;
        this.ledger = ledger;
        this.losses = losses;
        this.window = shelves.window();
        this.deferred = shelves.deferred();
        this.expiry = new BacklogExpirer(ledger, window, losses);
        this.windowLimit = windowLimitFor(shelves.pace());
    }

    private static int windowLimitFor(ThroughputConfig pace) {
        var underWay = (long) pace.concurrency() * pace.batch();
        return (int) Math.min(MAX_WINDOW, Math.max(MIN_WINDOW, Math.max(32L * pace.concurrency(), 3 * underWay)));
    }

    /// Reads on as far as there is room; returns whether there may be more to read at once.
    boolean fill(Instant now) {
        if (readingAhead) {
            return false;
        }
        expiry.expireIfDue(now);
        // reading a few at a time would have the store decode the same rows again and again
        if (window.size() > windowLimit / REFILL_DIVISOR) {
            return false;
        }
        var free = Math.min(PAGE, windowLimit - window.size());
        var events = ledger.readNext(free);
        atEnd = events.size() < free;
        enqueue(events, now);
        return !atEnd;
    }

    /// What is to be read while there is still something to send: by whoever asks, away from the desk, and
    /// then to be admitted. Until then nothing else is read.
    Optional<ReadAhead> nextReadAhead() {
        if (readingAhead || atEnd || window.size() > windowLimit / 2 || window.size() <= windowLimit / REFILL_DIVISOR) {
            return Optional.empty();
        }
        readingAhead = true;
        return Optional.of(
                new ReadAhead(ledger, ledger.progress().read(), Math.min(PAGE, windowLimit - window.size())));
    }

    /// Events to be read.
    public record ReadAhead(SinkWriteBuffer ledger, JournalPosition after, int most) {
        /// @throws StoreException if the store cannot be read
        public List<JournalEvent> read() {
            return ledger.read(after, most);
        }
    }

    /// What was read ahead; none if it could not be read.
    void enqueue(ReadAhead read, List<JournalEvent> events, Instant now) {
        readingAhead = false;
        atEnd = events.size() < read.most();
        enqueue(events, now);
    }

    private void enqueue(List<JournalEvent> events, Instant now) {
        if (!events.isEmpty()) {
            losses.add(ledger.missedBefore(events.getFirst().position()));
            losses.report();
        }
        events.forEach(event -> enqueue(event, now));
    }

    private void enqueue(JournalEvent event, Instant now) {
        if (!ledger.progress().advance(event.position()) || !routing.matches(event)) {
            return;
        }
        var delivery = PendingDelivery.of(event, DeliveryLanes.of(event));
        if (deferred.isBlocked(delivery)) {
            deferred.enqueueBehind(delivery, now);
            return;
        }
        details.checkAgainAt(event, now).ifPresentOrElse(until -> deferred.deferUntil(delivery, until), () -> {
            ledger.progress().pending(event.position());
            window.add(delivery);
        });
    }
}

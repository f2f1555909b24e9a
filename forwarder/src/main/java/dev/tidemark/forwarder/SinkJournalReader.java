package dev.tidemark.forwarder;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads on in the journal for a sink, as far as there is room, and sorts what it reads: into the window, or
/// behind the events that wait in rows. Used by one thread.
final class SinkJournalReader {
    private static final int READ = 512;

    /// Events kept for the requests to come at least: what is read at once costs less, and while half of it
    /// is left there is time to read on.
    private static final int LEAST = 2 * READ;
    private static final int REFILL = 4;

    /// Events kept ahead of the requests under way; memory is bounded by it.
    private static final int MOST = 16 * 1024;

    private final SinkEventFilter routing;
    private final DetailWaitPolicy details;
    private final SinkWriteBuffer ledger;
    private final ExpiredEventReporter losses;
    private final DeliveryWindow window;
    private final DeferredLaneScheduler deferred;
    private final BacklogExpirer expiry;
    private final int room;
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
        this.room = roomFor(shelves.pace());
    }

    private static int roomFor(ThroughputConfig pace) {
        var underWay = (long) pace.concurrency() * pace.batch();
        return (int) Math.min(MOST, Math.max(LEAST, Math.max(32L * pace.concurrency(), 3 * underWay)));
    }

    /// Reads on as far as there is room; returns whether there may be more to read at once.
    boolean fill(Instant now) {
        if (readingAhead) {
            return false;
        }
        expiry.lookIfDue(now);
        // reading a few at a time would have the store decode the same rows again and again
        if (window.size() > room / REFILL) {
            return false;
        }
        var free = Math.min(READ, room - window.size());
        var events = ledger.readOn(free);
        atEnd = events.size() < free;
        admit(events, now);
        return !atEnd;
    }

    /// What is to be read while there is still something to send: by whoever asks, away from the desk, and
    /// then to be admitted. Until then nothing else is read.
    Optional<ReadAhead> ahead() {
        if (readingAhead || atEnd || window.size() > room / 2 || window.size() <= room / REFILL) {
            return Optional.empty();
        }
        readingAhead = true;
        return Optional.of(new ReadAhead(ledger, ledger.progress().read(), Math.min(READ, room - window.size())));
    }

    /// Events to be read.
    record ReadAhead(SinkWriteBuffer ledger, JournalPosition after, int most) {
        /// @throws StoreException if the store cannot be read
        List<JournalEvent> read() {
            return ledger.read(after, most);
        }
    }

    /// What was read ahead; none if it could not be read.
    void admit(ReadAhead read, List<JournalEvent> events, Instant now) {
        readingAhead = false;
        atEnd = events.size() < read.most();
        admit(events, now);
    }

    private void admit(List<JournalEvent> events, Instant now) {
        if (!events.isEmpty()) {
            losses.add(ledger.missedBefore(events.getFirst().position()));
            losses.tell();
        }
        events.forEach(event -> admit(event, now));
    }

    private void admit(JournalEvent event, Instant now) {
        if (!ledger.progress().advance(event.position()) || !routing.wants(event)) {
            return;
        }
        var delivery = PendingDelivery.fresh(event, DeliveryLanes.of(event));
        if (deferred.holds(delivery)) {
            deferred.join(delivery, now);
            return;
        }
        details.until(event, now).ifPresentOrElse(until -> deferred.keep(delivery, until), () -> {
            ledger.progress().pending(event.position());
            window.add(delivery);
        });
    }
}

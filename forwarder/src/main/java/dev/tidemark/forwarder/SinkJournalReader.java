package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.routing.SinkEventFilter;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads the journal for a sink up to the limit of its window. Adds events to the window or behind deferred
/// events. Not thread-safe; guarded by the sink's lock.
final class SinkJournalReader {
    private static final int PAGE = 512;

    /// Minimum window. Large reads are cheaper, and half of the window leaves time for the next read.
    private static final int MIN_WINDOW = 2 * PAGE;
    private static final int REFILL_DIVISOR = 4;

    /// Maximum window, which bounds memory.
    private static final int MAX_WINDOW = 16 * 1024;

    private final SinkEventFilter filter;
    private final DetailWaitPolicy details;
    private final SinkWriteBuffer buffer;
    private final ExpiredEventReporter expired;
    private final DeliveryWindow window;
    private final DeferredLaneScheduler deferred;
    private final BacklogExpirer expiry;
    private final SinkStats stats;
    private final int windowLimit;
    private boolean readingAhead;

    /// True if the last read reached the journal's end. The next regular step reads again.
    private boolean atEnd;

    /// mailboxes whose events were dropped; the rows of those forgotten before the start are gone already
    private Set<MailboxId> forgotten;

    private int forgottenTotal;

    /// Destinations of the events that were read.
    record Destinations(
            DeliveryWindow window, DeferredLaneScheduler deferred, ThroughputConfig pace, SinkStats stats) {}

    SinkJournalReader(
            SinkEventFilter filter,
            DetailWaitPolicy details,
            SinkWriteBuffer buffer,
            ExpiredEventReporter expired,
            Destinations destinations) {
        this.filter = filter;
        this.details = details;
        this.buffer = buffer;
        this.expired = expired;
        this.window = destinations.window();
        this.deferred = destinations.deferred();
        this.expiry = new BacklogExpirer(buffer, window, expired);
        this.stats = destinations.stats();
        this.windowLimit = windowLimitFor(destinations.pace());
        this.forgottenTotal = buffer.forgottenTotal();
        this.forgotten = Set.copyOf(buffer.forgotten());
    }

    private static int windowLimitFor(ThroughputConfig pace) {
        var inFlight = (long) pace.concurrency() * pace.batch();
        return (int) Math.min(MAX_WINDOW, Math.max(MIN_WINDOW, Math.max(32L * pace.concurrency(), 3 * inFlight)));
    }

    /// Reads events up to the limit of the window; returns true if more can be read at once.
    boolean fill(Instant now) {
        dropForgotten();
        if (readingAhead) {
            return false;
        }
        expiry.expireIfDue(now);
        // small reads would make the store decode the same rows repeatedly
        if (window.size() > windowLimit / REFILL_DIVISOR) {
            return false;
        }
        var free = Math.min(PAGE, windowLimit - window.size());
        var events = buffer.readNext(free);
        atEnd = events.size() < free;
        enqueue(events, now);
        return !atEnd;
    }

    /// Drops events of mailboxes that were forgotten since the last call, except those in flight.
    private void dropForgotten() {
        var total = buffer.forgottenTotal();
        if (total == forgottenTotal) {
            return;
        }
        var all = Set.copyOf(buffer.forgotten());
        for (var gone : window.removeIf(delivery -> delivery.event().isForgotten(all))) {
            buffer.progress().done(gone.position());
            stats.forgotten.increment();
        }
        all.stream()
                .filter(id -> !forgotten.contains(id))
                .forEach(id -> stats.forgotten.add(deferred.forget(id.value())));
        forgotten = all;
        forgottenTotal = total;
    }

    /// Returns a read to do without the sink's lock while events are still waiting. Until its events are added,
    /// nothing else is read.
    Optional<ReadAhead> nextReadAhead() {
        if (readingAhead || atEnd || window.size() > windowLimit / 2 || window.size() <= windowLimit / REFILL_DIVISOR) {
            return Optional.empty();
        }
        readingAhead = true;
        return Optional.of(
                new ReadAhead(buffer, buffer.progress().read(), Math.min(PAGE, windowLimit - window.size())));
    }

    /// Pending read of the journal.
    public record ReadAhead(SinkWriteBuffer buffer, JournalPosition after, int max) {
        /// Reads the events. Needs no lock.
        ///
        /// @throws StoreException if the store cannot be read
        public List<JournalEvent> read() {
            return buffer.readAll(after, max);
        }
    }

    /// Adds the events that were read ahead; empty if the read failed.
    void enqueue(ReadAhead read, List<JournalEvent> events, Instant now) {
        readingAhead = false;
        atEnd = events.size() < read.max();
        enqueue(events, now);
    }

    private void enqueue(List<JournalEvent> events, Instant now) {
        dropForgotten();
        if (!events.isEmpty()) {
            expired.add(buffer.missedBefore(events.getFirst().position()));
            expired.report();
        }
        events.forEach(event -> enqueue(event, now));
    }

    private void enqueue(JournalEvent event, Instant now) {
        if (!buffer.progress().advance(event.position()) || !buffer.owns(event) || !filter.matches(event)) {
            return;
        }
        if (event.isForgotten(forgotten)) {
            stats.forgotten.increment();
            return;
        }
        var delivery = PendingDelivery.of(event, DeliveryLanes.of(event));
        if (deferred.isBlocked(delivery)) {
            deferred.enqueueBehind(delivery, now);
            return;
        }
        details.checkAgainAt(event, now).ifPresentOrElse(until -> deferred.deferUntil(delivery, until), () -> {
            buffer.progress().pending(event.position());
            window.add(delivery);
        });
    }
}

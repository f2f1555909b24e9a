package dev.tidemark.forwarder;

import dev.tidemark.watermark.DeadLetter;
import dev.tidemark.watermark.DeferredDelivery;
import dev.tidemark.watermark.Details;
import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.Position;
import dev.tidemark.watermark.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a sink has still to take: a bounded window of events that were read, and the lanes whose events wait
/// in rows because one of them failed. The window moves on past those. Used by one thread.
final class SinkBacklog {
    private static final int READ = 512;

    /// Events kept for the requests to come at least: what is read at once costs less, and while half of it
    /// is left there is time to read on.
    private static final int LEAST = 2 * READ;
    private static final int REFILL = 4;

    /// Events kept ahead of the requests under way; memory is bounded by it.
    private static final int MOST = 16 * 1024;

    private final SinkConfig config;
    private final Routing routing;
    private final DetailWait details;
    private final SinkLedger ledger;
    private final SinkTally tally;
    private final Window window;
    private final ParkedLanes parked = new ParkedLanes();
    private final int room;
    private final Duration patience;

    private boolean readingAhead;

    /// Whether the last reading came to the journal's end; the next that is due by itself tries again.
    private boolean atEnd;

    /// Until when a request that is not full waits.
    private Optional<Instant> fullAt = Optional.empty();

    SinkBacklog(SinkConfig config, Routing routing, SinkLedger ledger, SinkTally tally) {
        this(config, routing, new DetailWait(Details.NONE, Instant.EPOCH), ledger, tally);
    }

    SinkBacklog(SinkConfig config, Routing routing, DetailWait details, SinkLedger ledger, SinkTally tally) {
        this.config = config;
        this.routing = routing;
        this.details = details;
        this.ledger = ledger;
        this.tally = tally;
        this.window = new Window(config.ordering());
        this.room = roomFor(config.pace());
        this.patience = inOrder() ? config.retry().patience() : Duration.ZERO;
        ledger.parkedLanes().forEach(lane -> parked.park(lane.lane(), lane.nextAttemptAt()));
    }

    private static int roomFor(PaceConfig pace) {
        var underWay = (long) pace.concurrency() * pace.batch();
        return (int) Math.min(MOST, Math.max(LEAST, Math.max(32L * pace.concurrency(), 3 * underWay)));
    }

    /// Reads on as far as there is room; returns whether there may be more to read at once.
    boolean fill(Instant now) {
        // reading a few at a time would have the store decode the same rows again and again
        if (readingAhead || window.size() > room / REFILL) {
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
    Optional<ReadAhead> readAhead() {
        if (readingAhead || atEnd || window.size() > room / 2 || window.size() <= room / REFILL) {
            return Optional.empty();
        }
        readingAhead = true;
        return Optional.of(new ReadAhead(ledger, ledger.progress().read(), Math.min(READ, room - window.size())));
    }

    /// Events to be read.
    record ReadAhead(SinkLedger ledger, Position after, int most) {
        /// @throws StoreException if the store cannot be read
        List<JournalEvent> read() {
            return ledger.read(after, most);
        }
    }

    /// What was read ahead; none if it could not be read.
    void admitAhead(ReadAhead read, List<JournalEvent> events, Instant now) {
        readingAhead = false;
        atEnd = events.size() < read.most();
        admit(events, now);
    }

    private void admit(List<JournalEvent> events, Instant now) {
        if (!events.isEmpty()) {
            tellOfMissed(ledger.missedBefore(events.getFirst().position()));
        }
        events.forEach(event -> admit(event, now));
    }

    private void admit(JournalEvent event, Instant now) {
        if (!ledger.progress().advance(event.position()) || !routing.wants(event)) {
            return;
        }
        var delivery = Delivery.fresh(event, Lanes.of(event));
        if (inOrder() && parked.contains(delivery.lane())) {
            ledger.defer(waiting(delivery, now));
            parked.joined(delivery.lane(), now);
            return;
        }
        var untold = details.until(event, now);
        if (untold.isPresent()) {
            ledger.defer(Lanes.row(config.name(), delivery, 0, untold.get(), Optional.empty()));
            parked.park(delivery.lane(), untold.get());
        } else {
            ledger.progress().pending(event.position());
            window.add(delivery);
        }
    }

    /// The next events to send together; none if there are none to send now. Lanes in trouble come first,
    /// unless they have their share already: failing mailboxes must not keep the others from being served.
    List<Delivery> next(Instant now, boolean parkedMayGo) {
        var troubled = parkedMayGo || !window.hasReady() ? nextParked(now) : Optional.<Delivery>empty();
        if (troubled.isPresent()) {
            return List.of(troubled.get());
        }
        if (lingers(now)) {
            return List.of();
        }
        fullAt = Optional.empty();
        return window.take(config.pace().batch());
    }

    /// Whether a request that is not full should wait a little for more events.
    private boolean lingers(Instant now) {
        var pace = config.pace();
        if (pace.linger().isZero() || !window.hasReady() || window.hasReady(pace.batch())) {
            fullAt = Optional.empty();
            return false;
        }
        var until = fullAt.orElseGet(() -> now.plus(pace.linger()));
        fullAt = Optional.of(until);
        return until.isAfter(now);
    }

    /// The oldest event, or with `other` the oldest of another lane: the first may be what the sink stumbles
    /// over.
    Optional<Delivery> probe(Instant now, boolean other) {
        return window.takeOldest(other).or(() -> nextParked(now));
    }

    private Optional<Delivery> nextParked(Instant now) {
        for (var lane = parked.takeDue(now); lane.isPresent(); lane = parked.takeDue(now)) {
            try {
                var delivery = nextOf(lane.get(), now);
                if (delivery.isPresent()) {
                    return delivery;
                }
            } catch (StoreException e) {
                parked.putBack(lane.get(), now, false);
                throw e;
            }
        }
        return Optional.empty();
    }

    private Optional<Delivery> nextOf(String lane, Instant now) {
        return switch (ledger.rows().step(lane, rows -> LaneStep.of(rows, now, patience))) {
            case LaneStep.Empty ignored -> {
                parked.remove(lane);
                yield Optional.empty();
            }
            case LaneStep.Wait wait -> {
                parked.putBack(lane, wait.until(), wait.open());
                yield Optional.empty();
            }
            case LaneStep.Send send -> send(lane, send, now);
        };
    }

    private Optional<Delivery> send(String lane, LaneStep.Send send, Instant now) {
        var position = send.row().position();
        var event = ledger.at(position);
        if (event.isEmpty()) {
            ledger.rows().done(position);
            tellOfMissed(1);
            parked.putBack(lane, now, false);
            return Optional.empty();
        }
        var untold = details.until(event.get(), now);
        if (untold.isPresent()) {
            ledger.rows().put(Lanes.until(send.row(), untold.get()));
            parked.putBack(lane, untold.get(), false);
            return Optional.empty();
        }
        if (inOrder()) {
            send.overtakes().forEach(row -> ledger.rows().put(Lanes.overtaken(row)));
        }
        return Optional.of(new Delivery(event.get(), lane, Optional.of(send.row()), parked.trialOf(lane, position), 1));
    }

    void taken(Delivery delivery, Instant now) {
        if (delivery.row().isPresent()) {
            ledger.rows().done(delivery.position());
            parked.putBack(delivery.lane(), now, false);
        } else {
            ledger.progress().done(delivery.position());
            window.remove(delivery);
        }
    }

    /// The event was tried in vain and nothing of it changes.
    void putBack(Delivery delivery, Instant now) {
        if (delivery.row().isPresent()) {
            parked.tried(delivery.lane(), delivery.position(), delivery.trial());
            parked.putBack(delivery.lane(), now, false);
        } else {
            window.putBack(delivery);
        }
    }

    /// The event waits in a row from now on, and so do those behind it.
    void defer(Delivery delivery, DeferredDelivery row, Instant now) {
        if (delivery.row().isPresent()) {
            ledger.rows().put(row);
            parked.putBack(delivery.lane(), now, false);
        } else {
            window.withdrawLane(delivery).forEach(behind -> ledger.defer(waiting(behind, now)));
            ledger.defer(row);
            parked.park(delivery.lane(), now);
        }
        parked.tried(delivery.lane(), delivery.position(), delivery.trial().charged());
    }

    void bury(Delivery delivery, DeadLetter letter, Instant now) {
        ledger.bury(letter);
        tally.deadLetters.increment();
        if (delivery.row().isPresent()) {
            parked.putBack(delivery.lane(), now, false);
        } else {
            window.remove(delivery);
        }
    }

    Optional<Instant> nextDue() {
        return parked.nextDue();
    }

    /// When a request that is not full goes all the same.
    Optional<Instant> lingerEnds() {
        return fullAt;
    }

    /// Whether an event waits because it or one before it failed.
    boolean isTroubled() {
        return !parked.isEmpty();
    }

    boolean hasReady() {
        return window.hasReady();
    }

    int windowSize() {
        return window.size();
    }

    Optional<JournalEvent> oldest() {
        return window.oldest().map(Delivery::event);
    }

    Position read() {
        return ledger.progress().read();
    }

    private void tellOfMissed(long events) {
        if (events > 0) {
            tally.expired.add(events);
            ledger.tell(Notice.of("delivery.expired", config.name(), "removed from the journal before delivery")
                    .with("events", events));
        }
    }

    private DeferredDelivery waiting(Delivery delivery, Instant now) {
        return Lanes.row(config.name(), delivery, 0, now, Optional.empty());
    }

    private boolean inOrder() {
        return config.ordering() == Ordering.MAILBOX;
    }
}

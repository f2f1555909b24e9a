package dev.tidemark.forwarder;

import dev.tidemark.forwarder.backlog.SinkJournalReader;
import dev.tidemark.forwarder.target.DeliveryResult;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets one thread at a time to the desk of a sink, and has it take the step that comes of what it did there.
/// Safe for use by many threads.
final class SerializedSinkController {
    private static final Logger LOG = LoggerFactory.getLogger(SerializedSinkController.class);
    private static final Duration SHORTEST_BACKOFF = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(30);

    private final SinkName sink;
    private final SinkController desk;
    private final Clock clock;
    private final Runnable wake;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile SinkController.Snapshot standing;

    /// When the sink's thread looks again by itself; both under the lock.
    private Instant planned = Instant.MIN;

    private boolean ended;

    /// Back-off after failed steps; zero after one that succeeded. Both under the lock.
    private Duration backoff = Duration.ZERO;

    private Instant resumeAt = Instant.MIN;
    private volatile boolean readFailed;

    /// @param wake has the sink's own thread look at once
    SerializedSinkController(SinkName sink, SinkController desk, Clock clock, Runnable wake) {
        this.sink = sink;
        this.desk = desk;
        this.clock = clock;
        this.wake = wake;
        this.standing = desk.snapshot();
    }

    SinkController.Snapshot standing() {
        return standing;
    }

    /// What is due now, on the sink's own thread; returns when there is more, or nothing once all is done.
    Optional<Instant> look() {
        turn.lock();
        try {
            planned = step();
            return desk.isIdle() ? Optional.empty() : Optional.of(planned);
        } finally {
            turn.unlock();
        }
    }

    /// What others want of the sink; no step comes of it.
    void order(Consumer<SinkController> order) {
        turn.lock();
        try {
            order.accept(desk);
            standing = desk.snapshot();
        } finally {
            turn.unlock();
        }
    }

    /// Nothing new is sent, not even by a thread whose request comes back before the sink's own thread has
    /// heard of it; nobody waits for a turn to say so.
    void beginStop() {
        desk.stop();
        wake.run();
    }

    /// A request came back, on the thread that waited for it.
    void returned(DeliveryBatch shipment, DeliveryResult answer) {
        atTheDesk(() -> desk.onResult(shipment, answer)).ifPresent(this::readAhead);
    }

    /// The other threads go on sending meanwhile.
    private void readAhead(SinkJournalReader.ReadAhead read) {
        var events = read(read);
        atTheDesk(() -> desk.enqueueReadAhead(read, events)).ifPresent(this::readAhead);
    }

    private List<JournalEvent> read(SinkJournalReader.ReadAhead read) {
        try {
            var events = read.read();
            readFailed = false;
            return events;
        } catch (RuntimeException e) {
            if (!readFailed) {
                LOG.warn("Sink {} failed to read ahead in the journal; retrying", sink, e);
            }
            readFailed = true;
            return List.of();
        }
    }

    /// Has a thread that is not the sink's own do something, and what comes of it; returns what it should
    /// read next, away from the desk.
    private Optional<SinkJournalReader.ReadAhead> atTheDesk(Runnable something) {
        turn.lock();
        try {
            if (ended) {
                LOG.debug("Something came for sink {} after its end", sink);
                return Optional.empty();
            }
            something.run();
            var next = step();
            if (next.isBefore(planned) || desk.isIdle()) {
                planned = next;
                wake.run();
            }
            return desk.readAhead();
        } catch (RuntimeException e) {
            LOG.error("Sink {} could not take what came back", sink, e);
            return Optional.empty();
        } finally {
            turn.unlock();
        }
    }

    /// After a failed step, every stored event and every response would try again at once; the back-off prevents
    /// that.
    private Instant step() {
        if (clock.instant().isBefore(resumeAt)) {
            return resumeAt;
        }
        try {
            var next = desk.step();
            standing = desk.snapshot();
            succeeded();
            return next;
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    private void succeeded() {
        if (backoff.isPositive()) {
            LOG.info("Sink {} continues", sink);
        }
        backoff = Duration.ZERO;
    }

    private Instant failed(RuntimeException e) {
        if (backoff.isZero()) {
            LOG.warn("Sink {} failed to continue; retrying at least every {} s", sink, LONGEST_BACKOFF.toSeconds(), e);
        }
        var doubled = backoff.isZero() ? SHORTEST_BACKOFF : backoff.multipliedBy(2);
        backoff = doubled.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : doubled;
        resumeAt = clock.instant().plus(backoff);
        return resumeAt;
    }

    /// Nothing comes to the desk any more; what it knows is saved.
    void end(Runnable before) {
        turn.lock();
        try {
            ended = true;
            before.run();
            desk.flush();
        } catch (RuntimeException e) {
            LOG.error("Sink {} could not save its position; up to a second of deliveries is repeated", sink, e);
        } finally {
            turn.unlock();
        }
    }
}

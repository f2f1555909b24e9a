package dev.tidemark.forwarder;

import dev.tidemark.watermark.JournalEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes steps at the desk of a sink whenever something happened or is due. The thread that a request came
/// back on does so itself, under a lock, and often finds its next request there: to hand answers to another
/// thread and to be woken by it costs more than the step. What no answer brings about, the sink's own thread
/// does; what others want of the sink reaches it as a message, so that nobody has to wait for the store.
final class SinkWorker {
    private static final Logger LOG = LoggerFactory.getLogger(SinkWorker.class);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final SinkConfig config;
    private final SinkDesk desk;
    private final Requests requests;
    private final Clock clock;
    private final LinkedBlockingQueue<SinkMessage> inbox = new LinkedBlockingQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private final ReentrantLock turn = new ReentrantLock();
    private final Thread thread;
    private volatile SinkDesk.Standing standing;
    private volatile boolean abandoned;

    /// When the sink's thread looks again by itself; both under the lock.
    private Instant planned = Instant.MIN;

    private boolean ended;

    /// What is done, and the requests that come of it.
    record Work(SinkDesk desk, Requests requests) {}

    /// @param opening gets what is to be told of each answer
    SinkWorker(SinkConfig config, Clock clock, Function<BiConsumer<Shipment, Answer>, Work> opening) {
        this.config = config;
        this.clock = clock;
        var work = opening.apply(this::returned);
        this.desk = work.desk();
        this.requests = work.requests();
        this.standing = desk.standing();
        this.thread = Thread.ofVirtual().name("sink-" + config.name()).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    SinkDesk.Standing standing() {
        return standing;
    }

    /// There may be something to do.
    void wake() {
        if (awake.compareAndSet(false, true)) {
            inbox.add(new SinkMessage.Wake());
        }
    }

    void enable() {
        tell(new CompletableFuture<>(), SinkMessage.Enable::new);
    }

    void disable() {
        tell(new CompletableFuture<>(), SinkMessage.Disable::new);
    }

    private void tell(CompletableFuture<Void> done, Function<CompletableFuture<Void>, SinkMessage> message) {
        if (!thread.isAlive()) {
            throw new IllegalStateException("Sink " + config.name() + " has stopped; start the daemon again.");
        }
        inbox.add(message.apply(done));
        done.orTimeout(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    /// There is something to send once more.
    void encore() {
        inbox.add(new SinkMessage.Encore());
    }

    /// Nothing new is sent from here on.
    void beginStop() {
        inbox.add(new SinkMessage.Stop());
    }

    /// Waits for what is under way, at most `limit`, then gives it up; positions are saved either way.
    void awaitStop(Duration limit) throws InterruptedException {
        if (!thread.join(limit)) {
            LOG.warn(
                    "Sink {} still has requests under way after {}; their events are sent again", config.name(), limit);
            abandoned = true;
            wake();
            thread.join(Duration.ofSeconds(5));
        }
    }

    private void run() {
        LOG.info(
                "Sink {} starts {} after position {}",
                config.name(),
                standing.state().label(),
                standing.read().value());
        for (var next = look(); next.isPresent() && !abandoned; next = look()) {
            await(next.get());
        }
        end();
    }

    /// What is due now, on the sink's own thread; returns when there is more, or nothing once all is done.
    private Optional<Instant> look() {
        turn.lock();
        try {
            planned = step();
            return desk.isIdle() ? Optional.empty() : Optional.of(planned);
        } finally {
            turn.unlock();
        }
    }

    /// A request came back.
    private void returned(Shipment shipment, Answer answer) {
        atTheDesk(() -> desk.completed(shipment, answer)).ifPresent(this::readAhead);
    }

    /// The other threads go on sending meanwhile.
    private void readAhead(SinkBacklog.ReadAhead read) {
        var events = read(read);
        atTheDesk(() -> desk.admit(read, events)).ifPresent(this::readAhead);
    }

    private List<JournalEvent> read(SinkBacklog.ReadAhead read) {
        try {
            return read.read();
        } catch (RuntimeException e) {
            LOG.warn("Sink {} could not read on in the journal and tries again", config.name(), e);
            return List.of();
        }
    }

    /// Has a thread that is not the sink's own do something, and what comes of it; returns what it should
    /// read next, away from the desk.
    private Optional<SinkBacklog.ReadAhead> atTheDesk(Runnable something) {
        turn.lock();
        try {
            if (ended) {
                LOG.debug("Something came for sink {} after its end", config.name());
                return Optional.empty();
            }
            something.run();
            var next = step();
            if (next.isBefore(planned) || desk.isIdle()) {
                planned = next;
                wake();
            }
            return desk.readAhead();
        } catch (RuntimeException e) {
            LOG.error("Sink {} could not take what came back", config.name(), e);
            return Optional.empty();
        } finally {
            turn.unlock();
        }
    }

    private void end() {
        turn.lock();
        try {
            ended = true;
            requests.close();
            desk.flush();
        } catch (RuntimeException e) {
            LOG.error(
                    "Sink {} could not save its position; up to a second of deliveries is repeated", config.name(), e);
        } finally {
            turn.unlock();
        }
    }

    private Instant step() {
        try {
            var next = desk.step();
            standing = desk.standing();
            return next;
        } catch (RuntimeException e) {
            LOG.warn("Sink {} could not go on and tries again in {}", config.name(), AFTER_TROUBLE, e);
            return clock.instant().plus(AFTER_TROUBLE);
        }
    }

    /// Waits for a message, or for the moment to come; then handles every message there is.
    private void await(Instant next) {
        var wait = Duration.between(clock.instant(), next.isAfter(latest()) ? latest() : next);
        try {
            // a moment that has come is not worth a sleep
            var message = Optional.ofNullable(
                    wait.isPositive() ? inbox.poll(wait.toMillis() + 1, TimeUnit.MILLISECONDS) : inbox.poll());
            while (message.isPresent()) {
                handle(message.get());
                message = Optional.ofNullable(inbox.poll());
            }
        } catch (InterruptedException e) {
            LOG.debug("Sink {} was interrupted and stops", config.name());
            abandoned = true;
            Thread.currentThread().interrupt();
        }
    }

    private void handle(SinkMessage message) {
        turn.lock();
        try {
            doAs(message);
        } finally {
            turn.unlock();
        }
    }

    private void doAs(SinkMessage message) {
        switch (message) {
            case SinkMessage.Wake ignored -> awake.set(false);
            case SinkMessage.Enable enable -> {
                desk.enable();
                settle(enable.done());
            }
            case SinkMessage.Disable disable -> {
                desk.disable();
                settle(disable.done());
            }
            case SinkMessage.Encore ignored -> desk.lookForEncores();
            case SinkMessage.Stop ignored -> desk.stop();
        }
    }

    private void settle(CompletableFuture<Void> done) {
        standing = desk.standing();
        done.complete(null);
    }

    private Instant latest() {
        return clock.instant().plus(LONGEST_WAIT);
    }
}

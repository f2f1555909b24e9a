package dev.tidemark.forwarder;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread of a sink: it takes steps at the desk whenever something happened or is due. Everything
/// else that concerns the sink reaches it as a message, so that nothing of the desk is shared.
final class SinkWorker {
    private static final Logger LOG = LoggerFactory.getLogger(SinkWorker.class);
    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final SinkConfig config;
    private final SinkDesk desk;
    private final Clock clock;
    private final LinkedBlockingQueue<SinkMessage> inbox;
    private final AtomicBoolean awake = new AtomicBoolean();
    private final Thread thread;
    private volatile SinkDesk.Standing standing;
    private volatile boolean abandoned;

    /// @param inbox where answers of deliveries arrive too
    SinkWorker(SinkConfig config, SinkDesk desk, LinkedBlockingQueue<SinkMessage> inbox, Clock clock) {
        this.config = config;
        this.desk = desk;
        this.inbox = inbox;
        this.clock = clock;
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
        while (!desk.isIdle() && !abandoned) {
            var next = step();
            await(next);
        }
        try {
            desk.flush();
        } catch (RuntimeException e) {
            LOG.error(
                    "Sink {} could not save its position; up to a second of deliveries is repeated", config.name(), e);
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
        switch (message) {
            case SinkMessage.Returned returned -> desk.completed(returned.shipment(), returned.answer());
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

package dev.tidemark.forwarder;

import dev.tidemark.forwarder.backlog.InstantMath;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.target.DeliveryResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads of a sink, which take turns at its desk whenever something happened or is due. The thread that
/// a request came back on does so itself, and often finds its next request there: to hand answers to another
/// thread and to be woken by it costs more than the step. What no answer brings about, the sink's own thread
/// does; what others want of the sink reaches it as a message, so that nobody has to wait for the store.
final class SinkWorker {
    private static final Logger LOG = LoggerFactory.getLogger(SinkWorker.class);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final SinkConfig config;
    private final ThreadPoolBatchSender requests;
    private final Clock clock;
    private final SinkCommandQueue inbox = new SinkCommandQueue();
    private final SerializedSinkController turns;
    private final Thread thread;
    private volatile boolean abandoned;

    /// What is done, and the requests that come of it.
    record Work(SinkController desk, ThreadPoolBatchSender requests) {}

    /// @param opening gets what is to be told of each answer
    SinkWorker(SinkConfig config, Clock clock, Function<BiConsumer<DeliveryBatch, DeliveryResult>, Work> opening) {
        this.config = config;
        this.clock = clock;
        var work = opening.apply(this::returned);
        this.requests = work.requests();
        this.turns = new SerializedSinkController(config.name(), work.desk(), clock, inbox::wake);
        this.thread = Thread.ofVirtual().name("sink-" + config.name()).unstarted(this::run);
    }

    private void returned(DeliveryBatch shipment, DeliveryResult answer) {
        turns.returned(shipment, answer);
    }

    void start() {
        thread.start();
    }

    SinkController.Snapshot standing() {
        return turns.standing();
    }

    /// There may be something to do.
    void wake() {
        inbox.wake();
    }

    void enable() {
        tell(new CompletableFuture<>(), SinkCommand.Enable::new);
    }

    void disable() {
        tell(new CompletableFuture<>(), SinkCommand.Disable::new);
    }

    private void tell(CompletableFuture<Void> done, Function<CompletableFuture<Void>, SinkCommand> message) {
        if (!thread.isAlive()) {
            throw new IllegalStateException("Sink " + config.name() + " has stopped; start the daemon again.");
        }
        inbox.add(message.apply(done));
        done.orTimeout(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    /// There is something to send once more.
    void encore() {
        inbox.add(new SinkCommand.Encore());
    }

    /// Nothing new is sent from here on.
    void beginStop() {
        turns.beginStop();
    }

    /// Waits for what is under way, at most `limit`, then gives it up; positions are saved either way.
    void awaitStop(Duration limit) throws InterruptedException {
        if (!thread.join(limit)) {
            LOG.warn(
                    "Sink {} still has requests under way after {} ms; their events are sent again",
                    config.name(),
                    limit.toMillis());
            abandoned = true;
            wake();
            thread.join(Duration.ofSeconds(5));
        }
    }

    private void run() {
        LOG.info(
                "Sink {} starts {} after position {}",
                config.name(),
                standing().state().label(),
                standing().read().value());
        for (var next = turns.look(); next.isPresent() && !abandoned; next = turns.look()) {
            await(next.get());
        }
        // nobody who gave an order waits for a thread that is gone
        await(clock.instant());
        turns.end(requests::close);
    }

    /// Waits for a message, or for the moment to come; then handles every message there is.
    private void await(Instant next) {
        var now = clock.instant();
        var latest = now.plus(LONGEST_WAIT);
        try {
            inbox.await(Duration.between(now, InstantMath.earlier(next, latest)), this::handle);
        } catch (InterruptedException e) {
            LOG.debug("Sink {} was interrupted and stops", config.name());
            abandoned = true;
            Thread.currentThread().interrupt();
        }
    }

    private void handle(SinkCommand message) {
        switch (message) {
            case SinkCommand.Wake ignored -> LOG.trace("Sink {} is woken", config.name());
            case SinkCommand.Enable enable -> {
                turns.order(SinkController::enable);
                enable.done().complete(null);
            }
            case SinkCommand.Disable disable -> {
                turns.order(SinkController::disable);
                disable.done().complete(null);
            }
            case SinkCommand.Encore ignored -> turns.order(SinkController::reloadReplays);
        }
    }
}

package dev.tidemark.forwarder;

import dev.tidemark.forwarder.targets.DeliveryResult;
import dev.tidemark.store.lease.LeaseStore.LeaseLostException;
import dev.tidemark.store.model.SinkName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one sink: a loop of steps, one at a time under one lock. The sink's own thread takes the steps that are
/// due by the clock or after a wakeup. The thread that receives a response also processes it and takes the next
/// step. Handing the response to another thread would cost more than the step itself. Thread-safe.
final class SinkWorker {
    private static final Logger LOG = LoggerFactory.getLogger(SinkWorker.class);
    private static final Duration MAX_WAIT = Duration.ofMinutes(1);

    private static final Duration ABANDON_LIMIT = Duration.ofSeconds(5);

    /// Time after which a sink without a permit asks again, besides wakeups.
    private static final Duration PERMIT_CHECK = Duration.ofSeconds(1);

    private final SinkName sink;
    private final Clock clock;
    private final ThreadPoolBatchSender sender;
    private final SinkController controller;
    private final StepBackoff backoff;
    private final ReadAheadRunner readAhead;
    private final BooleanSupplier permit;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Semaphore wakeups = new Semaphore(0);
    private final AtomicBoolean replaysChanged = new AtomicBoolean();
    private volatile SinkController.Snapshot snapshot;
    private volatile boolean abandoned;
    /// Time of the next step of the sink's thread. Guarded by the lock, like `ended`.
    private Instant planned = Instant.MIN;

    private boolean ended;

    /// @param controllerFor creates the controller from the function that sends its requests
    SinkWorker(
            SinkName sink,
            Clock clock,
            ThreadPoolBatchSender sender,
            Function<Consumer<DeliveryBatch>, SinkController> controllerFor) {
        this(sink, clock, sender, controllerFor, () -> true);
    }

    /// @param permit false while the node may not send for this sink; then no step is taken
    SinkWorker(
            SinkName sink,
            Clock clock,
            ThreadPoolBatchSender sender,
            Function<Consumer<DeliveryBatch>, SinkController> controllerFor,
            BooleanSupplier permit) {
        this.sink = sink;
        this.permit = permit;
        this.clock = clock;
        this.sender = sender;
        this.controller = controllerFor.apply(batch -> sender.send(batch, this::onResult, this::onWithheld));
        this.backoff = new StepBackoff(sink);
        this.readAhead = new ReadAheadRunner(sink);
        this.snapshot = controller.snapshot();
        this.thread = Thread.ofVirtual().name("sink-" + sink).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    SinkController.Snapshot snapshot() {
        return snapshot;
    }

    private void run() {
        LOG.info(
                "Sink {} starts {} after position {}",
                sink,
                snapshot.state().label(),
                snapshot.read().value());
        for (var next = runStep(); next.isPresent() && !abandoned; next = runStep()) {
            awaitWakeup(next.get());
        }
        end();
    }

    /// Takes one step on the sink's thread; returns the time of the next, or empty if the sink has stopped.
    Optional<Instant> runStep() {
        lock.lock();
        try {
            planned = step();
            return controller.isIdle() ? Optional.empty() : Optional.of(planned);
        } finally {
            lock.unlock();
        }
    }

    /// Waits for a wakeup or for the time of the next step.
    private void awaitWakeup(Instant next) {
        var now = clock.instant();
        var wait = Duration.between(now, RetrySchedule.earlier(next, now.plus(MAX_WAIT)));
        try {
            if (wait.isPositive() && wakeups.tryAcquire(wait.toMillis() + 1, TimeUnit.MILLISECONDS)) {
                LOG.trace("Sink {} woke up", sink);
            }
            wakeups.drainPermits();
        } catch (InterruptedException e) {
            LOG.debug("Sink {} was interrupted and stops", sink);
            abandoned = true;
            Thread.currentThread().interrupt();
        }
    }

    /// Runs the controller's step. A back-off keeps events and responses from repeating a failed step at once.
    private Instant step() {
        if (replaysChanged.getAndSet(false)) {
            controller.reloadReplays();
        }
        if (!permit.getAsBoolean()) {
            return clock.instant().plus(PERMIT_CHECK);
        }
        if (backoff.isWaiting(clock.instant())) {
            return backoff.resumeAt();
        }
        try {
            var next = controller.step();
            snapshot = controller.snapshot();
            backoff.onSuccess();
            return next;
        } catch (LeaseLostException e) {
            stopWithoutLease(e);
            return clock.instant();
        } catch (RuntimeException e) {
            return backoff.onFailure(e, clock.instant());
        }
    }

    private void stopWithoutLease(LeaseLostException lost) {
        LOG.warn("Sink {} stops on this node: {}", sink, lost.getMessage());
        controller.stop();
    }

    /// Processes a result on the request thread, then reads ahead in the journal while other threads send.
    private void onResult(DeliveryBatch batch, DeliveryResult result) {
        var next = process(() -> controller.onResult(batch, result));
        while (next.isPresent()) {
            var read = next.get();
            var events = readAhead.read(read);
            next = process(() -> controller.enqueueReadAhead(read, events));
        }
    }

    private void onWithheld(DeliveryBatch batch) {
        lock.lock();
        try {
            if (!ended) {
                controller.onWithheld(batch);
            }
        } finally {
            lock.unlock();
        }
        wake();
    }

    /// Runs an action and a step on a request thread; returns the next read to do without the lock.
    private Optional<SinkJournalReader.ReadAhead> process(Runnable action) {
        lock.lock();
        try {
            if (ended) {
                LOG.debug("Sink {} received a result after its end", sink);
                return Optional.empty();
            }
            action.run();
            var next = step();
            if (next.isBefore(planned) || controller.isIdle()) {
                planned = next;
                wake();
            }
            return controller.readAhead();
        } catch (LeaseLostException e) {
            stopWithoutLease(e);
            wake();
            return Optional.empty();
        } catch (RuntimeException e) {
            LOG.error("Sink {} failed to process a result", sink, e);
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /// Makes the sink's thread take a step soon. Never blocks.
    void wake() {
        wakeups.release();
    }

    /// Makes the next step read the replays from the store again. Never blocks.
    void reloadReplays() {
        replaysChanged.set(true);
        wake();
    }

    void enable() {
        apply(SinkController::enable);
    }

    void disable() {
        apply(SinkController::disable);
    }

    private void apply(Consumer<SinkController> command) {
        lockInTime();
        try {
            if (ended || !thread.isAlive()) {
                throw new IllegalStateException("Sink " + sink + " has stopped; start the daemon again.");
            }
            command.accept(controller);
            snapshot = controller.snapshot();
        } finally {
            lock.unlock();
        }
        wake();
    }

    private void lockInTime() {
        try {
            if (lock.tryLock(MAX_WAIT.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("Sink " + sink + " did not respond; check the store, then try again.");
    }

    /// Stops sending new requests, also on threads that receive a response before the sink's thread runs.
    void beginStop() {
        controller.stop();
        wake();
    }

    /// Ends the sink without waiting for requests in flight, whose results no longer count. Returns when it has
    /// ended.
    void abandon() throws InterruptedException {
        abandoned = true;
        beginStop();
        thread.join(ABANDON_LIMIT);
    }

    /// Waits for requests in flight up to the limit, then abandons them. Saves positions in either case.
    void awaitStop(Duration limit) throws InterruptedException {
        if (!thread.join(limit)) {
            LOG.warn(
                    "Sink {} still has requests in flight after {} ms; their events are sent again",
                    sink,
                    limit.toMillis());
            abandoned = true;
            wake();
            thread.join(ABANDON_LIMIT);
        }
    }

    private void end() {
        lock.lock();
        try {
            ended = true;
            sender.close();
            controller.flush();
        } catch (LeaseLostException e) {
            LOG.info("Sink {} continues on another node, from the position that was saved before", sink);
        } catch (RuntimeException e) {
            LOG.error("Sink {} failed to save its position; up to 1 s of deliveries is repeated", sink, e);
        } finally {
            lock.unlock();
        }
    }
}

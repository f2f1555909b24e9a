package dev.tidemark.listener;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// State of the listener: open, draining, closed. Moves only forward. [CallbackListener] changes it; the
/// threads of [CallbackServer] read it. Thread-safe.
final class ListenerLifecycle {
    private sealed interface State {
        record Open() implements State {}

        record Draining(long until) implements State {}

        record Closed() implements State {}
    }

    private final AtomicReference<State> state = new AtomicReference<>(new State.Open());
    private final LongSupplier nanoTime;

    ListenerLifecycle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Returns true if a load balancer should send requests here.
    boolean isHealthy() {
        return switch (state.get()) {
            case State.Open ignored -> true;
            case State.Draining ignored -> false;
            case State.Closed ignored -> false;
        };
    }

    /// Returns true if new callbacks are accepted.
    boolean isAccepting() {
        return switch (state.get()) {
            case State.Open ignored -> true;
            case State.Draining draining -> draining.until() - nanoTime.getAsLong() > 0;
            case State.Closed ignored -> false;
        };
    }

    /// Starts the drain. Returns false if it was started before.
    boolean drain(Duration limit) {
        var open = state.get();
        return open instanceof State.Open
                && state.compareAndSet(open, new State.Draining(nanoTime.getAsLong() + limit.toNanos()));
    }

    /// Returns the remaining time of the drain; zero if none is running.
    Duration remainingDrain() {
        return switch (state.get()) {
            case State.Open ignored -> Duration.ZERO;
            case State.Draining draining ->
                Duration.of(Math.max(0, draining.until() - nanoTime.getAsLong()), TimeUnit.NANOSECONDS.toChronoUnit());
            case State.Closed ignored -> Duration.ZERO;
        };
    }

    /// Closes the listener to callbacks. Returns false if it was closed before.
    boolean close() {
        return !(state.getAndSet(new State.Closed()) instanceof State.Closed);
    }
}

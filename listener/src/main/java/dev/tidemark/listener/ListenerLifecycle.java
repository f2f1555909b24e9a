package dev.tidemark.listener;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// Where the listener is in its life: open, draining for a while, closed. It only goes forward.
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

    /// Whether a load balancer should send anything here.
    boolean isHealthy() {
        return switch (state.get()) {
            case State.Open ignored -> true;
            case State.Draining ignored -> false;
            case State.Closed ignored -> false;
        };
    }

    /// Whether new call-backs are taken.
    boolean isAccepting() {
        return switch (state.get()) {
            case State.Open ignored -> true;
            case State.Draining draining -> draining.until() - nanoTime.getAsLong() > 0;
            case State.Closed ignored -> false;
        };
    }

    /// Starts the draining; returns false where it had started before.
    boolean drain(Duration most) {
        var open = state.get();
        return open instanceof State.Open
                && state.compareAndSet(open, new State.Draining(nanoTime.getAsLong() + most.toNanos()));
    }

    /// What is left of the draining; zero where there is none.
    Duration remainingDrain() {
        return switch (state.get()) {
            case State.Open ignored -> Duration.ZERO;
            case State.Draining draining ->
                Duration.of(Math.max(0, draining.until() - nanoTime.getAsLong()), TimeUnit.NANOSECONDS.toChronoUnit());
            case State.Closed ignored -> Duration.ZERO;
        };
    }

    /// Takes nothing more; returns false where it was closed before.
    boolean close() {
        return !(state.getAndSet(new State.Closed()) instanceof State.Closed);
    }
}

package dev.tidemark.listener;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/// Where the listener is in its life: open, draining for a while, closed. It only goes forward.
final class Phase {
    private sealed interface Stand {
        record Open() implements Stand {}

        record Draining(long until) implements Stand {}

        record Closed() implements Stand {}
    }

    private final AtomicReference<Stand> stand = new AtomicReference<>(new Stand.Open());
    private final LongSupplier nanoTime;

    Phase(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Whether a load balancer should send anything here.
    boolean healthy() {
        return switch (stand.get()) {
            case Stand.Open ignored -> true;
            case Stand.Draining ignored -> false;
            case Stand.Closed ignored -> false;
        };
    }

    /// Whether new call-backs are taken.
    boolean accepting() {
        return switch (stand.get()) {
            case Stand.Open ignored -> true;
            case Stand.Draining draining -> draining.until() - nanoTime.getAsLong() > 0;
            case Stand.Closed ignored -> false;
        };
    }

    /// Starts the draining; returns false where it had started before.
    boolean drain(Duration most) {
        var open = stand.get();
        return open instanceof Stand.Open
                && stand.compareAndSet(open, new Stand.Draining(nanoTime.getAsLong() + most.toNanos()));
    }

    /// What is left of the draining; zero where there is none.
    Duration drainLeft() {
        return switch (stand.get()) {
            case Stand.Open ignored -> Duration.ZERO;
            case Stand.Draining draining ->
                Duration.of(Math.max(0, draining.until() - nanoTime.getAsLong()), TimeUnit.NANOSECONDS.toChronoUnit());
            case Stand.Closed ignored -> Duration.ZERO;
        };
    }

    /// Takes nothing more; returns false where it was closed before.
    boolean close() {
        return !(stand.getAndSet(new Stand.Closed()) instanceof Stand.Closed);
    }
}

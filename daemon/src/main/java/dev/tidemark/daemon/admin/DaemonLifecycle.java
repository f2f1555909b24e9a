package dev.tidemark.daemon.admin;

import java.util.concurrent.atomic.AtomicReference;

/// Lifecycle state of the daemon: starting, ready or stopping. Thread-safe.
public final class DaemonLifecycle {
    enum Stage {
        STARTING,
        READY,
        STOPPING
    }

    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.STARTING);

    Stage stage() {
        return stage.get();
    }

    /// Enters the ready state. Returns false if the daemon is stopping.
    public boolean markReady() {
        return stage.compareAndSet(Stage.STARTING, Stage.READY);
    }

    public void stop() {
        stage.set(Stage.STOPPING);
    }

    public boolean isStopping() {
        return stage.get() == Stage.STOPPING;
    }
}

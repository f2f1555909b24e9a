package dev.tidemark.daemon.admin;

import java.util.concurrent.atomic.AtomicReference;

/// Where the daemon is in its life. Safe for use by many threads.
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

    /// Returns false if it stops already.
    public boolean ready() {
        return stage.compareAndSet(Stage.STARTING, Stage.READY);
    }

    public void stop() {
        stage.set(Stage.STOPPING);
    }

    public boolean stopping() {
        return stage.get() == Stage.STOPPING;
    }
}

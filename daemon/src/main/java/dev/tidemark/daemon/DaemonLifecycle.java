package dev.tidemark.daemon;

import java.util.concurrent.atomic.AtomicReference;

/// Where the daemon is in its life. Safe for use by many threads.
final class DaemonLifecycle {
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
    boolean ready() {
        return stage.compareAndSet(Stage.STARTING, Stage.READY);
    }

    void stop() {
        stage.set(Stage.STOPPING);
    }

    boolean stopping() {
        return stage.get() == Stage.STOPPING;
    }
}

package dev.tidemark.daemon;

import java.util.concurrent.atomic.AtomicReference;

/// Where the daemon is in its life. Safe for use by many threads.
final class Phase {
    enum Stage {
        STARTING,
        READY,
        STOPPING
    }

    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.STARTING);

    Stage stage() {
        return stage.get();
    }

    void ready() {
        stage.compareAndSet(Stage.STARTING, Stage.READY);
    }

    /// Returns whether this call began the stop.
    boolean stop() {
        return stage.getAndSet(Stage.STOPPING) != Stage.STOPPING;
    }

    boolean stopping() {
        return stage.get() == Stage.STOPPING;
    }
}

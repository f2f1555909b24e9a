package dev.tidemark.daemon;

import dev.tidemark.daemon.admin.BuildVersion;
import dev.tidemark.store.CallbackIntake;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs at the start whether the store can take callbacks, once per change. Thread-safe.
final class StoreReadiness {
    private static final Logger LOG = LoggerFactory.getLogger(StoreReadiness.class);

    private final CallbackIntake intake;
    private final String instance;
    private boolean ready;
    private Optional<String> loggedObstacle = Optional.empty();

    StoreReadiness(CallbackIntake intake, String instance) {
        this.intake = intake;
        this.instance = instance;
    }

    /// Returns true if the store has taken callbacks since the start, now or before.
    synchronized boolean checkReady() {
        if (ready) {
            return true;
        }
        var obstacle = intake.obstacle();
        ready = obstacle.isEmpty();
        if (ready) {
            LOG.info("Tidemark {} is ready as {}", BuildVersion.current(), instance);
        } else if (!obstacle.equals(loggedObstacle)) {
            LOG.warn("Tidemark is not ready, callbacks get 503: {}", obstacle.orElseThrow());
            loggedObstacle = obstacle;
        }
        return ready;
    }
}

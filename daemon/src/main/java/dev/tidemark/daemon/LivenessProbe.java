package dev.tidemark.daemon;

import dev.tidemark.daemon.check.ListenerProbe;
import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.StoreException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds failures that only a restart ends: a store whose commits hang or whose memory lacks a change, and a listener
/// that does not respond. A full or failing disk is none, because the store recovers from it. Called by the watchdog's
/// thread.
final class LivenessProbe {
    private static final Logger LOG = LoggerFactory.getLogger(LivenessProbe.class);

    private final CallbackIntake intake;
    private final ListenerProbe listener;

    LivenessProbe(CallbackIntake intake, ListenerProbe listener) {
        this.intake = intake;
        this.listener = listener;
    }

    /// Returns the failure, if any. Blocks while a commit hangs.
    Optional<String> obstacle() {
        waitForCommits();
        if (intake.needsRestart()) {
            return intake.obstacle();
        }
        return listener.responds()
                ? Optional.empty()
                : Optional.of("The listener on port " + listener.port() + " does not respond.");
    }

    /// Runs an empty unit of work, which waits for its turn behind all others.
    private void waitForCommits() {
        try {
            intake.record(List.of());
        } catch (StoreException unwritable) {
            LOG.debug("The store cannot write now", unwritable);
        }
    }
}

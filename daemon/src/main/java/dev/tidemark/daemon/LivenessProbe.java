package dev.tidemark.daemon;

import dev.tidemark.daemon.check.ListenerProbe;
import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds failures that only a restart ends: a store whose commits hang or whose memory lacks a change, and a listener
/// that does not respond. A full or failing disk is none, because the store recovers from it. Called by the watchdog's
/// thread.
final class LivenessProbe {
    private static final Logger LOG = LoggerFactory.getLogger(LivenessProbe.class);

    private final CallbackIntake intake;
    private final ListenerProbe listener;
    private final LongSupplier requests;
    private long lastRequests;

    /// @param requests number of requests that the listener has accepted or refused
    LivenessProbe(CallbackIntake intake, ListenerProbe listener, LongSupplier requests) {
        this.intake = intake;
        this.listener = listener;
        this.requests = requests;
    }

    /// Returns the failure, if any. Blocks while a commit hangs.
    Optional<String> obstacle() {
        waitForCommits();
        if (intake.needsRestart()) {
            return intake.obstacle();
        }
        return isBusy() || listener.responds()
                ? Optional.empty()
                : Optional.of("The listener on port " + listener.port() + " does not respond.");
    }

    /// Returns whether the listener has handled requests since the last check. A listener whose connections are all in
    /// use may close the one of the check.
    private boolean isBusy() {
        var now = requests.getAsLong();
        var isBusy = now != lastRequests;
        lastRequests = now;
        return isBusy;
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

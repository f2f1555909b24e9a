package dev.tidemark.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Request to stop the daemon, which may arrive before the daemon has started. Thread-safe.
final class StopRequest {
    private final List<Runnable> actions = new ArrayList<>();
    private boolean requested;

    /// Registers `action` to run at the request, or runs it now if the stop is already requested. It must not
    /// block.
    void onStop(Runnable action) {
        if (!register(action)) {
            action.run();
        }
    }

    /// Requests the stop and runs the registered actions in order. A second call does nothing.
    void request() {
        claimActions().ifPresent(registered -> registered.forEach(Runnable::run));
    }

    synchronized boolean isRequested() {
        return requested;
    }

    /// @throws StartAbortedException if the stop is requested
    void check() {
        if (isRequested()) {
            throw new StartAbortedException();
        }
    }

    private synchronized boolean register(Runnable action) {
        return !requested && actions.add(action);
    }

    private synchronized Optional<List<Runnable>> claimActions() {
        var first = !requested;
        requested = true;
        return first ? Optional.of(List.copyOf(actions)) : Optional.empty();
    }
}

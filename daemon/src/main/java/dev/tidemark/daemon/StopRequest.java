package dev.tidemark.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Request to stop the daemon, which may arrive before the daemon has started. Thread-safe.
final class StopRequest {
    private final List<Runnable> answers = new ArrayList<>();
    private boolean made;

    /// Registers `action` to run at the request, or runs it now if the stop is already requested. It must not
    /// block.
    void then(Runnable answer) {
        if (!keep(answer)) {
            answer.run();
        }
    }

    /// Requests the stop and runs the registered actions in order. A second call does nothing.
    void make() {
        taken().ifPresent(answered -> answered.forEach(Runnable::run));
    }

    synchronized boolean made() {
        return made;
    }

    /// @throws StartAbortedException if the stop is requested
    void check() {
        if (made()) {
            throw new StartAbortedException();
        }
    }

    private synchronized boolean keep(Runnable answer) {
        return !made && answers.add(answer);
    }

    private synchronized Optional<List<Runnable>> taken() {
        var first = !made;
        made = true;
        return first ? Optional.of(List.copyOf(answers)) : Optional.empty();
    }
}

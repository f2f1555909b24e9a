package dev.tidemark.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The wish that a daemon ends, which may come before it has started. Safe for use by many threads.
final class StopRequest {
    private final List<Runnable> answers = new ArrayList<>();
    private boolean made;

    /// Has `answer` run as soon as the request is made, or now if it has been. It must return at once.
    void then(Runnable answer) {
        if (!keep(answer)) {
            answer.run();
        }
    }

    /// Runs what was left with [#then], in that order; a second time it does nothing.
    void make() {
        taken().ifPresent(answered -> answered.forEach(Runnable::run));
    }

    synchronized boolean made() {
        return made;
    }

    /// @throws StartAbortedException if the request is made
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

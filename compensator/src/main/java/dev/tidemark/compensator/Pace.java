package dev.tidemark.compensator;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/// Lets so many start within any second, and not one more. Used by one thread.
final class Pace {
    private static final Duration WINDOW = Duration.ofSeconds(1);

    private final int most;
    private final Deque<Instant> started = new ArrayDeque<>();

    Pace(int most) {
        this.most = most;
    }

    /// Whether one more may start now; if so it counts as started.
    boolean allows(Instant now) {
        if (!started.isEmpty() && started.getLast().isAfter(now)) {
            // the clock was set back; what it said before is worth nothing
            started.clear();
        }
        while (!started.isEmpty() && !started.getFirst().plus(WINDOW).isAfter(now)) {
            started.removeFirst();
        }
        if (started.size() == most) {
            return false;
        }
        started.addLast(now);
        return true;
    }

    /// Takes the last one back: it did not start after all.
    void giveBack() {
        started.removeLast();
    }

    /// When one more may start, after [#allows] said no.
    Instant next() {
        return started.getFirst().plus(WINDOW);
    }
}

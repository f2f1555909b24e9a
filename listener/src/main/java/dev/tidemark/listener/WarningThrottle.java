package dev.tidemark.listener;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/// Limits warnings about clients, so that they cannot fill the log: one per subject and hour, and at most 20 subjects
/// per hour. Thread-safe.
final class WarningThrottle {
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final int MAX_SUBJECTS = 20;

    private final Map<String, Long> warned = new HashMap<>();
    private final LongSupplier nanoTime;

    WarningThrottle(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// Returns true if a warning about `subject` is due, and counts it.
    synchronized boolean isDue(String subject) {
        var now = nanoTime.getAsLong();
        warned.values().removeIf(at -> now - at >= INTERVAL.toNanos());
        return warned.size() < MAX_SUBJECTS && warned.putIfAbsent(subject, now) == null;
    }
}

package dev.tidemark.forwarder;

import java.time.Instant;

/// Compares instants. Thread-safe.
final class InstantMath {
    private InstantMath() {}

    public static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}

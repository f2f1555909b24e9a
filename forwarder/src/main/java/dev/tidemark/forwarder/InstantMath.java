package dev.tidemark.forwarder;

import java.time.Instant;

/// Moments compared.
final class InstantMath {
    private InstantMath() {}

    static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}

package dev.tidemark.forwarder;

import java.time.Instant;

/// Moments compared.
final class Moments {
    private Moments() {}

    static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}

package dev.tidemark.simulator;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Delays a response in its thread.
final class ResponseDelay {
    private ResponseDelay() {}

    static void await(Duration delay) {
        try {
            TimeUnit.NANOSECONDS.sleep(delay.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

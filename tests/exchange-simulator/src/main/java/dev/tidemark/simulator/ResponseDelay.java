package dev.tidemark.simulator;

import java.time.Duration;

/// Delays a response in its thread.
final class ResponseDelay {
    private ResponseDelay() {}

    static void await(Duration delay) {
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

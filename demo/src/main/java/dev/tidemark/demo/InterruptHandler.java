package dev.tidemark.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Turns Ctrl-C into a request to end. The process continues until the command has finished and exits with the
/// command's code. Thread-safe.
final class InterruptHandler {
    private final CountDownLatch endRequested = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile int exitCode;

    InterruptHandler() {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("interrupt").unstarted(this::end));
    }

    /// Waits for the request, at most this long. Returns true if it has arrived.
    boolean await(Duration timeout) {
        try {
            return endRequested.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// Lets the process exit with this code.
    void finish(int code) {
        exitCode = code;
        finished.countDown();
    }

    private void end() {
        endRequested.countDown();
        if (finished.getCount() == 0) {
            return;
        }
        try {
            finished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exitCode);
    }
}

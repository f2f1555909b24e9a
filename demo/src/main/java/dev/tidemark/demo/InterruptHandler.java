package dev.tidemark.demo;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C, which here asks for an end instead of being one: the process stays until the command has finished,
/// and exits with the command's own code.
final class InterruptHandler {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile int exitCode;

    InterruptHandler() {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("interrupt").unstarted(this::end));
    }

    /// Waits until an end is asked for, at most this long; true when it is.
    boolean await(Duration most) {
        try {
            return asked.await(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /// Lets the process go, with this code.
    void finish(int code) {
        exitCode = code;
        finished.countDown();
    }

    private void end() {
        asked.countDown();
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

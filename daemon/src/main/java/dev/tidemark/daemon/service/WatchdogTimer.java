package dev.tidemark.daemon.service;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Calls the service manager's watchdog on a separate thread, only while the daemon passes its check. A check that
/// hangs also ends the calls.
final class WatchdogTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchdogTimer.class);

    private final Duration interval;
    private final Supplier<Optional<String>> obstacle;
    private final Runnable call;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("watchdog").unstarted(this::run);
    private Optional<String> logged = Optional.empty();

    /// @param obstacle returns the reason why the daemon must be restarted; empty while it works
    WatchdogTimer(Duration interval, Supplier<Optional<String>> obstacle, Runnable call) {
        this.interval = interval;
        this.obstacle = obstacle;
        this.call = call;
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            do {
                check();
            } while (!stop.await(interval.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void check() {
        var found = obstacle.get();
        if (found.isEmpty()) {
            call.run();
        } else if (!found.equals(logged)) {
            LOG.error("Not calling the watchdog, so that the service manager restarts Tidemark: {}", found.get());
        }
        logged = found;
    }

    @Override
    public void close() {
        stop.countDown();
    }
}

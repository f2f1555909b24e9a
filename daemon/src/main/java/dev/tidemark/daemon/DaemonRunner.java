package dev.tidemark.daemon;

import dev.tidemark.daemon.config.TidemarkConfig;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts and stops the daemon of this process. The main thread starts it, the shutdown hook stops it, possibly
/// before the start has finished. Thread-safe.
public final class DaemonRunner {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonRunner.class);

    private final StopRequest stop = new StopRequest();
    private final CompletableFuture<TidemarkDaemon> daemon = new CompletableFuture<>();

    /// Starts the daemon. The caller calls this method once.
    ///
    /// @throws StartAbortedException if [#stop] was called before the daemon received or sent anything
    /// @throws RuntimeException as [TidemarkDaemon#start] does
    public TidemarkDaemon start(TidemarkConfig config, DaemonClocks clocks) {
        try {
            var started = TidemarkDaemon.start(config, clocks, stop);
            daemon.complete(started);
            return started;
        } catch (RuntimeException | Error failed) {
            daemon.completeExceptionally(failed);
            throw failed;
        }
    }

    /// Stops the daemon in order and returns afterward. During a start, it first stops all receiving and
    /// sending, then waits for the end of the start.
    ///
    /// @throws RuntimeException if the start or the stop failed
    public void stop() {
        if (!daemon.isDone()) {
            LOG.info("Received a stop request during the start; stopping as soon as all modules can be closed");
        }
        stop.request();
        try {
            daemon.join().close();
        } catch (CompletionException failed) {
            if (!(failed.getCause() instanceof StartAbortedException)) {
                throw failed;
            }
            LOG.info("Stopped before the daemon received or sent anything");
        }
    }

    /// Reloads the configuration, after the start if one is running. Returns at once.
    public void reload(String cause) {
        Thread.ofVirtual().name("reload-request").start(() -> reloadAfterStart(cause));
    }

    private void reloadAfterStart(String cause) {
        try {
            daemon.join().reload(cause);
        } catch (CompletionException failed) {
            LOG.debug("The start failed, so there is nothing to reload", failed);
        }
    }

    public boolean isStopping() {
        return stop.isRequested();
    }
}

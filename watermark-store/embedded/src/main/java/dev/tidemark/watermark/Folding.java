package dev.tidemark.watermark;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Folds the ledger every so often, so that heartbeats are on disk within five seconds, and everything before
/// much of the journal would have to be read again at a start; and knocks at a store that failed until it
/// writes again.
final class Folding implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Folding.class);

    /// Mailboxes that the journal speaks of can wait: it is on disk.
    private static final int HEARD_OFTENER = 10;

    private final Ledger ledger;
    private final Runnable besides;
    private final Duration pause;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private long ticks;

    /// @param besides what else is to be done as often, while the store writes
    Folding(Ledger ledger, Runnable besides, Duration pause) {
        this.ledger = ledger;
        this.besides = besides;
        this.pause = pause;
        this.thread = Thread.ofVirtual().name("store-folding").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                tick();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tick() {
        try {
            ledger.probe();
            besides.run();
            ticks++;
            if (ticks % HEARD_OFTENER == 0) {
                ledger.fold();
            } else {
                ledger.foldHeard();
            }
        } catch (StoreException e) {
            LOG.warn("The store still cannot write; it is tried again in {} s: {}", pause.toSeconds(), e.getMessage());
        }
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

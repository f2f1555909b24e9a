package dev.tidemark.subscriber.detail;

import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores fetched details, all that are queued in one transaction. Any thread calls [#enqueue]; [#run] is the
/// body of the single writer thread. Thread-safe.
final class DetailSettler {
    private static final Logger log = LoggerFactory.getLogger(DetailSettler.class);
    private static final long RETRY_MILLIS = 1000;

    private final ItemDetailStore details;
    private final RunState state;
    private final LinkedBlockingQueue<QueuedDetail> queue = new LinkedBlockingQueue<>();

    /// Reports whether the fetcher runs; after its end, the writer stores the queue and stops.
    @FunctionalInterface
    interface RunState {
        boolean isRunning();
    }

    private record QueuedDetail(JournalPosition position, ItemDetail detail) {}

    DetailSettler(ItemDetailStore details, RunState state) {
        this.details = details;
        this.state = state;
    }

    void enqueue(JournalPosition position, ItemDetail detail) {
        queue.add(new QueuedDetail(position, detail));
    }

    void run() {
        try {
            while (state.isRunning() || !queue.isEmpty()) {
                var first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    var all = new ArrayList<QueuedDetail>(List.of(first));
                    queue.drainTo(all);
                    save(all);
                }
            }
        } catch (InterruptedException e) {
            log.debug("Stopped storing details");
        }
    }

    private void save(List<QueuedDetail> all) throws InterruptedException {
        var found = new HashMap<JournalPosition, ItemDetail>();
        all.forEach(each -> found.putIfAbsent(each.position(), each.detail()));
        while (true) {
            try {
                details.save(found);
                return;
            } catch (StoreException e) {
                log.warn("Failed to store details; retrying in {} ms: {}", RETRY_MILLIS, e.getMessage());
                if (!state.isRunning()) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
    }
}

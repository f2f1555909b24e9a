package dev.tidemark.subscriber;

import dev.tidemark.store.ItemDetailStore;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores fetched details, all that have arrived in one transaction. Thread-safe; [#run] is the body of the one
/// writing thread.
final class DetailSettler {
    private static final Logger log = LoggerFactory.getLogger(DetailSettler.class);
    private static final long RETRY_MILLIS = 1000;

    private final ItemDetailStore details;
    private final BooleanSupplier running;
    private final LinkedBlockingQueue<Settled> settled = new LinkedBlockingQueue<>();

    private record Settled(JournalPosition position, ItemDetail detail) {}

    DetailSettler(ItemDetailStore details, BooleanSupplier running) {
        this.details = details;
        this.running = running;
    }

    void settle(JournalPosition position, ItemDetail detail) {
        settled.add(new Settled(position, detail));
    }

    void run() {
        try {
            while (running.getAsBoolean() || !settled.isEmpty()) {
                var first = settled.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    var all = new ArrayList<Settled>(List.of(first));
                    settled.drainTo(all);
                    save(all);
                }
            }
        } catch (InterruptedException e) {
            log.debug("Stopped storing details");
        }
    }

    private void save(List<Settled> all) throws InterruptedException {
        var found = new HashMap<JournalPosition, ItemDetail>();
        all.forEach(each -> found.putIfAbsent(each.position(), each.detail()));
        while (true) {
            try {
                details.save(found);
                return;
            } catch (StoreException e) {
                log.warn("Failed to store details; retrying in {} ms: {}", RETRY_MILLIS, e.getMessage());
                if (!running.getAsBoolean()) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
    }
}

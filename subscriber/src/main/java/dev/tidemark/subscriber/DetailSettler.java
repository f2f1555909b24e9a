package dev.tidemark.subscriber;

import dev.tidemark.watermark.Detail;
import dev.tidemark.watermark.Details;
import dev.tidemark.watermark.Position;
import dev.tidemark.watermark.StoreException;
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

    private final Details details;
    private final BooleanSupplier running;
    private final LinkedBlockingQueue<Settled> settled = new LinkedBlockingQueue<>();

    private record Settled(Position position, Detail detail) {}

    DetailSettler(Details details, BooleanSupplier running) {
        this.details = details;
        this.running = running;
    }

    void settle(Position position, Detail detail) {
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
        var found = new HashMap<Position, Detail>();
        all.forEach(each -> found.putIfAbsent(each.position(), each.detail()));
        while (true) {
            try {
                details.settle(found);
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

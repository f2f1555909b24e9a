package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.JettyHost;
import dev.tidemark.benchmarks.server.JournalFixture;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Delivers what waits in a store that was copied, to a webhook that counts the ids of the events.
///
/// @param waiting events that waited, among them those for their next attempt
/// @param count events that the webhook received
record MigratedBacklog(long waiting, WebhookRecorder.Count count, double seconds) {
    private static final int CONNECTIONS = 4;
    private static final int BATCH = 100;
    private static final Duration POLL = Duration.ofMillis(20);

    /// time without a delivery after which the rest counts as lost
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @SuppressWarnings("try") // the forwarder works until it is closed
    static MigratedBacklog deliver(Path folder, Clock clock) {
        var recorder = new WebhookRecorder();
        var began = System.nanoTime();
        try (var store = StoreFactory.open(JournalFixture.config(folder), clock);
                var host = JettyHost.start(recorder::taker, new byte[0])) {
            var waiting = waiting(store);
            var hook = URI.create("http://127.0.0.1:" + host.port() + "/hook");
            var sink = TidemarkSender.sink(hook, CONNECTIONS, BATCH);
            try (var ignored = EventForwarder.start(TidemarkSender.config(sink), store, clock)) {
                awaitEnd(recorder, waiting);
            }
            return new MigratedBacklog(waiting, recorder.count(), (System.nanoTime() - began) / 1e9);
        }
    }

    private static long waiting(WatermarkStore store) {
        var behind = store.journal().end().value()
                - store.deliveries().open(JournalFixture.SINK).upTo().value();
        return behind + store.deliveries().deferredCount(JournalFixture.SINK);
    }

    private static void awaitEnd(WebhookRecorder recorder, long wanted) {
        var last = 0L;
        var since = System.nanoTime();
        while (last < wanted && System.nanoTime() - since < PATIENCE.toNanos()) {
            LockSupport.parkNanos(POLL.toNanos());
            var now = recorder.received();
            if (now > last) {
                last = now;
                since = System.nanoTime();
            }
        }
    }

    /// Returns whether the webhook received each event exactly once.
    boolean isExact() {
        return count.events() == waiting && count.distinct() == waiting;
    }
}

package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.JournalFixture;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.store.embedded.StoreFactory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Process with a small heap that delivers a long backlog and samples its live heap meanwhile.
final class BacklogBenchmark {
    private static final int POLLS = 10;

    private BacklogBenchmark() {}

    /// @param behind undelivered events of the sink
    /// @param liveMiB heap after a full collection
    record Sample(long behind, double liveMiB) {}

    record Measurement(long events, long delivered, double seconds, long heapMiB, List<Sample> samples) {
        /// Returns the ratio of the largest to the smallest sample.
        double growth() {
            var live = samples.stream().mapToDouble(Sample::liveMiB).summaryStatistics();
            return live.getMax() / live.getMin();
        }

        boolean holds() {
            return delivered == events;
        }
    }

    /// Arguments: folder, mailboxes, events, folder of the stores, webhook, concurrent requests, events per
    /// request.
    public static void main(String[] arguments) throws IOException {
        var clock = Clock.systemUTC();
        var folder = Path.of(arguments[0]);
        JournalFixture.prepare(
                folder, Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), Path.of(arguments[3]), clock);
        try (var store = StoreFactory.open(JournalFixture.config(folder), clock)) {
            var events = store.journal().end().value()
                    - store.deliveries().open(JournalFixture.SINK).upTo().value();
            var sink = TidemarkSender.sink(
                    URI.create(arguments[4]), Integer.parseInt(arguments[5]), Integer.parseInt(arguments[6]));
            var began = System.nanoTime();
            var samples = new ArrayList<Sample>();
            var delivered = 0L;
            try (var forwarder = EventForwarder.start(TidemarkSender.config(sink), store, clock)) {
                for (var i = 0; i <= POLLS; i++) {
                    delivered = await(forwarder, events * i / POLLS);
                    samples.add(new Sample(events - delivered, live()));
                }
            }
            var seconds = (System.nanoTime() - began) / 1e9;
            CountingWebhookServer.printLine(new Measurement(
                    events, delivered, seconds, Runtime.getRuntime().maxMemory() >> 20, samples));
        }
        System.exit(0);
    }

    private static long await(EventForwarder forwarder, long wanted) {
        while (true) {
            var delivered = forwarder.counters().values().iterator().next().delivered();
            if (delivered >= Math.max(1, wanted)) {
                return delivered;
            }
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static double live() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024.0 / 1024.0;
    }
}

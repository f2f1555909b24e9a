package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.DaemonFolder;
import dev.tidemark.benchmarks.server.JournalFixture;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.config.DeliveryOrdering;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.RetryConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.config.ThroughputConfig;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.webhook.WebhookConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.DeliveryPosition;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// Delivers with Tidemark's forwarder from its store, wired as in the daemon.
final class TidemarkSender implements BenchmarkSender {
    private static final long POLL_NANOS = 2_000_000;

    private final Setting setting;
    private final Clock clock;
    private final WatermarkStore store;
    private final DeliveryPosition start;
    private final long behind;

    TidemarkSender(Setting setting, Clock clock) {
        this.setting = setting;
        this.clock = clock;
        store = StoreFactory.open(JournalFixture.config(setting.folder()), clock);
        start = store.deliveries().open(JournalFixture.SINK);
        behind = store.journal().end().value() - start.upTo().value();
    }

    /// Returns a sink with the settings of `conf/tidemark.yaml`, except for these.
    static SinkConfig sink(URI hook, int connections, int batch) {
        return new SinkConfig(
                JournalFixture.SINK,
                new WebhookConfig(
                        hook, List.of(DaemonFolder.SINK_SECRET), Optional.empty(), Map.of(), Duration.ofSeconds(15)),
                DeliveryOrdering.MAILBOX,
                new ThroughputConfig(connections, batch, Duration.ZERO, 0),
                RetryConfig.DEFAULT,
                List.of());
    }

    static ForwarderConfig config(SinkConfig... sinks) {
        var all = List.of(sinks);
        return new ForwarderConfig(
                all,
                Map.of(
                        JournalFixture.GROUP,
                        Set.copyOf(all.stream().map(SinkConfig::name).toList())),
                new EgressConfig(false, List.of("127.0.0.0/8")),
                Duration.ofSeconds(10));
    }

    @Override
    public Done run(Round round) {
        store.deliveries().save(JournalFixture.SINK, start, List.of(), List.of());
        var began = System.nanoTime();
        var end = began + round.millis() * 1_000_000;
        var forwarder =
                EventForwarder.start(config(sink(setting.hook(), setting.connections(), round.batch())), store, clock);
        var delivered = 0L;
        var now = began;
        while (now < end && delivered < behind) {
            LockSupport.parkNanos(POLL_NANOS);
            delivered = delivered(forwarder);
            now = System.nanoTime();
        }
        forwarder.close();
        var saved = store.deliveries().open(JournalFixture.SINK);
        var beyond = saved.beyond().stream()
                .mapToLong(range -> range.last().value() - range.first().value() + 1)
                .sum();
        var moved = saved.upTo().value() - start.upTo().value() + beyond;
        return new Done(delivered, (now - began) / 1e9, delivered(forwarder), moved);
    }

    private static long delivered(EventForwarder forwarder) {
        return forwarder.counters().values().iterator().next().delivered();
    }

    @Override
    public void close() {
        store.close();
    }
}

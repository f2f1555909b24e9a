package dev.tidemark.benchmarks;

import dev.tidemark.benchmarks.server.JettyHost;
import dev.tidemark.benchmarks.server.JournalFixture;
import dev.tidemark.benchmarks.server.LoadSchedule;
import dev.tidemark.benchmarks.server.MailboxFixture;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.store.model.SinkName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Process with a healthy sink: alone, beside one that refuses connections, and beside one that answers after
/// 14 seconds. Measures the delay from an event's due time to its arrival at the healthy sink.
final class SinkIsolationBenchmark {
    private static final int SLOW_SECONDS = 14;
    private static final int CONNECTIONS = 4;
    private static final long MAX_WAIT_NANOS = 10_000_000_000L;

    private final WatermarkStore store;
    private final Clock clock;
    private final JournalFixture feed;
    private final DelayRecorder recorder;
    private final double perSecond;
    private final List<SinkConfig> sinks;

    SinkIsolationBenchmark(
            WatermarkStore store,
            Clock clock,
            JournalFixture feed,
            DelayRecorder recorder,
            double perSecond,
            List<URI> hooks) {
        this.store = store;
        this.clock = clock;
        this.feed = feed;
        this.recorder = recorder;
        this.perSecond = perSecond;
        this.sinks = new ArrayList<>();
        for (var i = 0; i < hooks.size(); i++) {
            sinks.add(sink("sink-" + i, hooks.get(i)));
        }
    }

    /// @param events number of events for the healthy sink
    /// @param arrived number of arrived events
    record Phase(String name, long events, long arrived, double p50Millis, double p99Millis, double maxMillis) {}

    record Measurement(double perSecond, List<Phase> phases) {
        /// Returns the p99 beside other sinks (middle round) divided by the p99 alone.
        double ratio() {
            return median("beside") / median("alone");
        }

        private double median(String name) {
            var values = phases.stream()
                    .filter(phase -> phase.name().equals(name))
                    .map(Phase::p99Millis)
                    .sorted()
                    .toList();
            return (values.get((values.size() - 1) / 2) + values.get(values.size() / 2)) / 2;
        }

        boolean holds() {
            return phases.stream().allMatch(phase -> phase.events() == phase.arrived());
        }
    }

    /// Arguments: folder, mailboxes, folder of the stores, events per second, seconds per phase, rounds.
    public static void main(String[] arguments) throws IOException {
        var clock = Clock.systemUTC();
        var folder = Path.of(arguments[0]);
        MailboxFixture.prepare(folder, Integer.parseInt(arguments[1]), Path.of(arguments[2]), clock);
        var perSecond = Double.parseDouble(arguments[3]);
        var seconds = Double.parseDouble(arguments[4]);
        var rounds = Integer.parseInt(arguments[5]);
        var recorder = new DelayRecorder(Integer.parseInt(arguments[1]));
        try (var store = StoreFactory.open(JournalFixture.config(folder), clock);
                var healthy = JettyHost.start(recorder::taker, new byte[0]);
                var slow = JettyHost.start(SinkIsolationBenchmark::late, new byte[0])) {
            var hooks = List.of(hook(healthy.port()), hook(slow.port()), hook(unused()));
            var feed = new JournalFixture(store, folder, clock);
            var run = new SinkIsolationBenchmark(store, clock, feed, recorder, perSecond, hooks);
            CountingWebhookServer.printLine(run.phases(seconds, rounds));
        }
        System.exit(0);
    }

    private static JettyHost.BodyReader late() {
        return new JettyHost.BodyReader() {
            @Override
            public void read(ByteBuffer some) {
                some.position(some.limit());
            }

            @Override
            public void whole(Runnable answer) {
                CompletableFuture.delayedExecutor(SLOW_SECONDS, TimeUnit.SECONDS)
                        .execute(answer);
            }
        };
    }

    /// Returns a port without a listener.
    private static int unused() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static URI hook(int port) {
        return URI.create("http://127.0.0.1:" + port + "/hooks/mail");
    }

    private static SinkConfig sink(String name, URI hook) {
        var usual = TidemarkSender.sink(hook, CONNECTIONS, 1);
        return new SinkConfig(
                new SinkName(name), usual.target(), usual.ordering(), usual.pace(), usual.retry(), usual.events());
    }

    private Measurement phases(double seconds, int rounds) {
        phase("warm-up", sinks, seconds);
        var phases = new ArrayList<Phase>();
        for (var round = 0; round < rounds; round++) {
            phases.add(phase("alone", sinks.subList(0, 1), seconds));
            phases.add(phase("beside", sinks, seconds));
        }
        return new Measurement(perSecond, phases);
    }

    /// Measures one of the sinks alone.
    Phase phase(String name, int sink, double seconds) {
        return phase(name, sinks.subList(sink, sink + 1), seconds);
    }

    private Phase phase(String name, List<SinkConfig> taking, double seconds) {
        var usual = TidemarkSender.config(taking.toArray(SinkConfig[]::new));
        // pending requests to the slow sink are not needed
        var config = new ForwarderConfig(usual.sinks(), usual.routes(), usual.egress(), Duration.ofMillis(200));
        try (var forwarder = EventForwarder.start(config, store, clock)) {
            forwarder.sinks();
            var events = (long) (perSecond * seconds);
            recorder.reset();
            feed(events);
            var limit = System.nanoTime() + MAX_WAIT_NANOS;
            while (recorder.arrived() < events && System.nanoTime() < limit) {
                LockSupport.parkNanos(1_000_000);
            }
            return recorder.phase(name, events);
        }
    }

    /// Adds events at fixed times, even if the store falls behind.
    private void feed(long events) {
        var pace = LoadSchedule.open(System.nanoTime() + 1_000_000_000, perSecond, events);
        for (var left = events; left > 0; ) {
            var now = System.nanoTime();
            var due = pace.poll(now);
            if (due == LoadSchedule.NOT_YET) {
                LockSupport.parkNanos(Math.max(1, pace.next(now) - now));
            } else {
                recorder.due(feed.created(), due);
                store.intake().record(List.of(feed.next()));
                left--;
            }
        }
    }
}

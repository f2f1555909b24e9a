package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.forwarder.operator.ReplayResult;
import dev.tidemark.forwarder.operator.SinkCounters;
import dev.tidemark.forwarder.operator.SinkTestResult;
import dev.tidemark.forwarder.operator.SinkView;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.targets.EgressPolicy;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers journaled events to the sinks until each sink accepted or permanently refused them. Every sink has
/// its own thread and its own pace. Thread-safe.
public final class EventForwarder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventForwarder.class);
    private static final Duration WATCH = Duration.ofSeconds(10);

    private final List<Sink> sinks;
    private final WatermarkStore store;
    private final Duration drain;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread watcher;

    private EventForwarder(List<Sink> sinks, WatermarkStore store, Duration drain) {
        // read before the sinks do, so that no new event goes unnoticed
        var seen = store.journal().end();
        this.sinks = List.copyOf(sinks);
        this.store = store;
        this.drain = drain;
        this.watcher = Thread.ofVirtual().name("sinks-journal").unstarted(() -> watch(seen));
    }

    /// Opens every sink's position and starts delivery. A sink that is new to the store starts at the journal's
    /// end.
    ///
    /// @throws StoreException if the store cannot be read
    public static EventForwarder start(ForwarderConfig config, WatermarkStore store, Clock clock) {
        return start(config, store, clock, clock);
    }

    /// Does the same with separate clocks for schedules and for receivers.
    ///
    /// @param requests clock of the timestamps in requests, which the signature covers
    /// @throws StoreException if the store cannot be read
    public static EventForwarder start(ForwarderConfig config, WatermarkStore store, Clock clock, Clock requests) {
        return start(
                config,
                store,
                new ForwarderClocks(clock, requests),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    static EventForwarder start(ForwarderConfig config, WatermarkStore store, Clock clock, DoubleSupplier random) {
        return start(config, store, new ForwarderClocks(clock, clock), random);
    }

    private static EventForwarder start(
            ForwarderConfig config, WatermarkStore store, ForwarderClocks times, DoubleSupplier random) {
        var egress = new EgressPolicy(config.egress(), InetAddress::getAllByName);
        var shared = new Sink.Shared(config, store, egress, times, random);
        var sinks = config.sinks().stream().map(sink -> Sink.open(sink, shared)).toList();
        var forwarder = new EventForwarder(sinks, store, config.drain());
        sinks.forEach(Sink::start);
        forwarder.watcher.start();
        return forwarder;
    }

    /// Wakes all sinks when the journal grows. Runs on the watcher thread.
    private void watch(JournalPosition from) {
        var seen = from;
        while (stopped.getCount() > 0) {
            try {
                if (store.journal().awaitBeyond(seen, WATCH)) {
                    seen = store.journal().end();
                    wake();
                }
            } catch (StoreException e) {
                LOG.warn("Failed to watch the journal; retrying in 1 s", e);
                pause();
            } catch (InterruptedException e) {
                LOG.debug("Stopped watching the journal");
                return;
            }
        }
    }

    private void pause() {
        try {
            if (stopped.await(1, TimeUnit.SECONDS)) {
                LOG.debug("Stopped watching the journal");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Makes every sink check the clock again.
    public void wake() {
        sinks.forEach(Sink::wake);
    }

    /// Returns all sinks in the order of the configuration.
    ///
    /// @throws StoreException if the store cannot be read
    public List<SinkView> sinks() {
        return sinks.stream().map(Sink::view).toList();
    }

    public Map<SinkName, SinkCounters> counters() {
        return sinks.stream()
                .collect(Collectors.toUnmodifiableMap(sink -> sink.config().name(), Sink::counters));
    }

    /// Activates a disabled sink or probes a held sink at once; empty if no sink has this name.
    public Optional<SinkView> enable(SinkName name) {
        return find(name).map(sink -> {
            sink.enable();
            return sink.view();
        });
    }

    /// Stops sending to a sink until an operator enables it; empty if no sink has this name.
    public Optional<SinkView> disable(SinkName name) {
        return find(name).map(sink -> {
            sink.disable();
            return sink.view();
        });
    }

    /// Replays events to a sink beside new ones, at a limited rate and marked `tidemark-replay`. A restart
    /// resumes the replay. Empty if no sink has this name.
    public Optional<ReplayResult> replay(SinkName name, ReplayRequest request) {
        return find(name).map(sink -> sink.replay(request));
    }

    /// Cancels a replay; its requests in flight still finish. Returns false if no such replay runs.
    public boolean cancelReplay(String id) {
        var ended = store.replays().end(id);
        sinks.forEach(Sink::reloadReplays);
        return ended;
    }

    /// Returns the position before the first event that was recorded at `time` or later.
    public JournalPosition positionBefore(Instant time) {
        return JournalTimeSearch.positionBefore(store.journal(), time);
    }

    /// Replays a dead letter and deletes it after delivery. Returns its sink; empty if no such letter or sink
    /// exists.
    public Optional<SinkName> replayDeadLetter(String id) {
        return store.replays().recall(id).flatMap(this::find).map(sink -> {
            sink.reloadReplays();
            return sink.config().name();
        });
    }

    /// Replays all dead letters of a sink, or of all sinks; returns their number.
    public int replayDeadLetters(Optional<SinkName> name) {
        var count = store.replays().recallAll(name);
        sinks.forEach(Sink::reloadReplays);
        return count;
    }

    /// Sends a signed test event in any state of the sink. Blocks at most for the sink's timeout. Empty if no
    /// sink has this name.
    public Optional<SinkTestResult> test(SinkName name) {
        return find(name).map(Sink::test);
    }

    /// Sends a signed test event without a store and without starting the sink. Blocks at most for the sink's
    /// timeout.
    ///
    /// @param instance name of the deployment in the event
    public static SinkTestResult testOnce(SinkConfig sink, EgressConfig egress, String instance, Clock clock) {
        return Sink.testOnce(sink, new EgressPolicy(egress, InetAddress::getAllByName), instance, clock);
    }

    private Optional<Sink> find(SinkName name) {
        return sinks.stream().filter(sink -> sink.config().name().equals(name)).findFirst();
    }

    /// Stops sending new requests; returns at once.
    public void beginStop() {
        sinks.forEach(Sink::beginStop);
    }

    /// Waits for requests in flight up to the configured limit and saves all positions.
    @Override
    public void close() {
        beginStop();
        stopped.countDown();
        watcher.interrupt();
        var deadline = System.nanoTime() + drain.toNanos();
        try {
            for (var sink : sinks) {
                sink.close(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            LOG.warn("Interrupted while stopping the sinks; up to 1 s of deliveries may be repeated");
            Thread.currentThread().interrupt();
        }
    }
}

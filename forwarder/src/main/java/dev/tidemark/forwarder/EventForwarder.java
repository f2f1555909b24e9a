package dev.tidemark.forwarder;

import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.heartbeat.HeartbeatQueue.Heartbeat;
import dev.tidemark.forwarder.operator.ReplayRequest;
import dev.tidemark.forwarder.operator.ReplayResult;
import dev.tidemark.forwarder.operator.SinkCounters;
import dev.tidemark.forwarder.operator.SinkTestResult;
import dev.tidemark.forwarder.operator.SinkView;
import dev.tidemark.forwarder.routing.GroupRouting;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.forwarder.targets.EgressPolicy;
import dev.tidemark.forwarder.targets.SinkTarget;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.EventData.MailboxRef;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.tracing.EventTracer;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

    private final RunningSinks sinks;
    private final LeasedSinks leased;
    private final GroupRouting routing;
    private final WatermarkStore store;
    private final Sink.SinkClocks times;
    private final Duration drain;
    private final int partitions;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread watcher;
    private volatile ForwarderConfig config;

    private EventForwarder(ForwarderConfig config, WatermarkStore store, Mode mode) {
        // read before the sinks do, so that no new event goes unnoticed
        var seen = store.journal().end();
        this.config = config;
        this.store = store;
        this.times = mode.times();
        this.drain = config.drain();
        this.routing = new GroupRouting(config.routes());
        this.partitions = mode.partitions();
        this.sinks = new RunningSinks(
                new Sink.Shared(store, routing, times, mode.random(), partitions, mode.tracer()), mode.isLeased());
        this.leased = new LeasedSinks(sinks);
        this.watcher = Thread.ofVirtual().name("sinks-journal").unstarted(() -> watch(seen));
    }

    /// Clocks, source of jitter, true in a cluster, number of partitions of each sink, and tracer.
    private record Mode(
            Sink.SinkClocks times, DoubleSupplier random, boolean isLeased, int partitions, EventTracer tracer) {
        static Mode of(Clock schedule, Clock requests, boolean isLeased, int partitions, EventTracer tracer) {
            return new Mode(
                    new Sink.SinkClocks(schedule, requests),
                    () -> ThreadLocalRandom.current().nextDouble(),
                    isLeased,
                    partitions,
                    tracer);
        }
    }

    /// Opens every sink's position and starts delivery. A sink that is new to the store starts at the journal's
    /// end.
    ///
    /// @throws StoreException if the store cannot be read
    public static EventForwarder start(ForwarderConfig config, WatermarkStore store, Clock clock) {
        return start(config, store, clock, clock, EventTracer.OFF);
    }

    /// Does the same with separate clocks for schedules and for receivers.
    ///
    /// @param requests clock of the timestamps in requests, which the signature covers
    /// @param tracer records the attempts to deliver
    /// @throws StoreException if the store cannot be read
    public static EventForwarder start(
            ForwarderConfig config, WatermarkStore store, Clock clock, Clock requests, EventTracer tracer) {
        return start(config, store, Mode.of(clock, requests, false, 1, tracer));
    }

    static EventForwarder start(ForwarderConfig config, WatermarkStore store, Clock clock, DoubleSupplier random) {
        return start(config, store, new Mode(new Sink.SinkClocks(clock, clock), random, false, 1, EventTracer.OFF));
    }

    /// Starts the forwarder of a node in a cluster, which delivers to the sinks whose leases [#leased] receives.
    ///
    /// @param partitions number of partitions of each sink, the same on all nodes
    /// @throws StoreException if the store cannot be read
    public static EventForwarder startLeased(
            ForwarderConfig config,
            WatermarkStore store,
            Clock clock,
            Clock requests,
            int partitions,
            EventTracer tracer) {
        return start(config, store, Mode.of(clock, requests, true, partitions, tracer));
    }

    private static EventForwarder start(ForwarderConfig config, WatermarkStore store, Mode mode) {
        var forwarder = new EventForwarder(config, store, mode);
        forwarder.sinks.open(config.sinks(), forwarder.openTargets(config.sinks(), config.egress()));
        forwarder.sinks.start();
        forwarder.watcher.start();
        return forwarder;
    }

    /// Opens the targets of new and changed sinks. Changes nothing until [PreparedSinks#apply].
    ///
    /// @param renewed sinks whose files have changed, such as certificates
    /// @throws dev.tidemark.forwarder.targets.InvalidSettingException if a target cannot be opened
    public PreparedSinks prepare(ForwarderConfig next, Set<SinkName> renewed) {
        var before = config;
        var changed = next.sinks().stream()
                .filter(sink -> !before.sinks().contains(sink)
                        || !before.egress().equals(next.egress())
                        || renewed.contains(sink.name()))
                .toList();
        return new PreparedSinks(this, next, openTargets(changed, next.egress()));
    }

    private Map<SinkName, SinkTarget> openTargets(List<SinkConfig> configs, EgressConfig egressConfig) {
        var egress = new EgressPolicy(egressConfig, InetAddress::getAllByName);
        var targets = new HashMap<SinkName, SinkTarget>();
        try {
            configs.forEach(sink -> targets.put(sink.name(), Sink.openTarget(sink, egress, times, partitions)));
            return targets;
        } catch (RuntimeException | Error failed) {
            targets.values().forEach(SinkTarget::close);
            throw failed;
        }
    }

    void apply(ForwarderConfig next, Map<SinkName, SinkTarget> targets) {
        config = next;
        sinks.replace(next.sinks(), targets);
        routing.extend(next.routes(), () -> store.journal().end());
    }

    void complete(ForwarderConfig next) {
        routing.replace(next.routes(), () -> store.journal().end());
        routing.prune(sinks.saved(store.journal().end()));
    }

    /// Returns the routes of new events.
    Map<String, Set<SinkName>> routes() {
        return routing.latest();
    }

    /// Returns the sinks that have yet to receive stored events.
    Set<SinkName> behind() {
        return sinks.behind(store.journal().end());
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

    /// Returns the sinks as work under leases.
    public LeasedSinks leased() {
        return leased;
    }

    /// Makes every sink check the clock again.
    public void wake() {
        sinks.all().forEach(Sink::wake);
    }

    /// Returns all sinks in the order of the configuration.
    ///
    /// @throws StoreException if the store cannot be read
    public List<SinkView> sinks() {
        return sinks.all().stream().map(Sink::view).toList();
    }

    public Map<SinkName, SinkCounters> counters() {
        return sinks.all().stream()
                .collect(Collectors.toUnmodifiableMap(sink -> sink.config().name(), Sink::counters));
    }

    /// Counts deferred events that the store removed because their mailbox was forgotten.
    ///
    /// @param events numbers of events by sink
    public void countForgotten(Map<SinkName, Long> events) {
        events.forEach((name, number) -> sinks.find(name).ifPresent(sink -> sink.countForgotten(number)));
    }

    /// Activates a disabled sink or probes a held sink at once; empty if no sink has this name.
    public Optional<SinkView> enable(SinkName name) {
        return sinks.findSettled(name).map(sink -> {
            sink.enable();
            return sink.view();
        });
    }

    /// Stops sending to a sink until an operator enables it; empty if no sink has this name.
    public Optional<SinkView> disable(SinkName name) {
        return sinks.findSettled(name).map(sink -> {
            sink.disable();
            return sink.view();
        });
    }

    /// Replays events to a sink beside new ones, at a limited rate and marked `tidemark-replay`. A restart
    /// resumes the replay. Empty if no sink has this name.
    public Optional<ReplayResult> replay(SinkName name, ReplayRequest request) {
        return sinks.findSettled(name).map(sink -> sink.replay(request));
    }

    /// Cancels a replay; its requests in flight still finish. Returns false if no such replay runs.
    public boolean cancelReplay(String id) {
        var ended = store.replays().end(id);
        sinks.all().forEach(Sink::reloadReplays);
        return ended;
    }

    /// Returns the position before the first event that was recorded at `time` or later.
    public JournalPosition positionBefore(Instant time) {
        return JournalTimeSearch.positionBefore(store.journal(), time);
    }

    /// Replays a dead letter and deletes it after delivery. Returns its sink; empty if no such letter or sink
    /// exists.
    public Optional<SinkName> replayDeadLetter(String id) {
        return store.replays().recall(id).flatMap(sinks::findSettled).map(sink -> {
            sink.reloadReplays();
            return sink.config().name();
        });
    }

    /// Replays all dead letters of a sink, or of all sinks; returns their number.
    public int replayDeadLetters(Optional<SinkName> name) {
        var count = store.replays().recallAll(name);
        sinks.all().forEach(Sink::reloadReplays);
        return count;
    }

    /// Sends a signed test event in any state of the sink. Blocks at most for the sink's timeout. Empty if no
    /// sink has this name.
    public Optional<SinkTestResult> test(SinkName name) {
        return sinks.find(name).map(Sink::test);
    }

    /// Sends a signed test event without a store and without starting the sink. Blocks at most for the sink's
    /// timeout.
    ///
    /// @param instance name of the deployment in the event
    public static SinkTestResult testOnce(SinkConfig sink, EgressConfig egress, String instance, Clock clock) {
        return Sink.testOnce(sink, new EgressPolicy(egress, InetAddress::getAllByName), instance, clock);
    }

    /// Returns true if the `events` of a sink name heartbeats.
    public boolean wantsHeartbeats() {
        return sinks.all().stream().anyMatch(sink -> sink.config().wantsHeartbeats());
    }

    /// Sends a heartbeat of a mailbox to those sinks of its group that name heartbeats. Returns at once.
    /// Heartbeats are not journaled: a sink that does not accept one does not get it later.
    public void sendHeartbeat(MailboxRef mailbox, Instant receivedAt) {
        var heartbeat = new Heartbeat(mailbox, receivedAt);
        var names = routing.latest().getOrDefault(mailbox.group(), Set.of());
        sinks.all().stream()
                .filter(sink -> names.contains(sink.config().name()))
                .forEach(sink -> sink.offer(heartbeat));
    }

    /// Stops sending new requests; returns at once.
    public void beginStop() {
        sinks.beginStop();
    }

    /// Waits for requests in flight up to the configured limit and saves all positions.
    @Override
    public void close() {
        beginStop();
        stopped.countDown();
        watcher.interrupt();
        var deadline = System.nanoTime() + drain.toNanos();
        try {
            sinks.close(deadline);
        } catch (InterruptedException e) {
            LOG.warn("Interrupted while stopping the sinks; up to 1 s of deliveries may be repeated");
            Thread.currentThread().interrupt();
        }
    }
}

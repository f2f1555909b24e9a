package dev.tidemark.forwarder;

import dev.tidemark.forwarder.backlog.SinkCounters;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.forwarder.target.EgressPolicy;
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

/// Takes journalled events to sinks until each has them or has refused them for good. Every sink goes at its
/// own pace on a thread of its own. Safe for use by many threads.
public final class EventForwarder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventForwarder.class);
    private static final Duration WATCH = Duration.ofSeconds(10);

    private final List<Sink> sinks;
    private final WatermarkStore store;
    private final Duration drain;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread watcher;

    private EventForwarder(List<Sink> sinks, WatermarkStore store, Duration drain) {
        // read before any sink reads, so that none can come to the end unnoticed
        var seen = store.journal().end();
        this.sinks = List.copyOf(sinks);
        this.store = store;
        this.drain = drain;
        this.watcher = Thread.ofVirtual().name("sinks-journal").unstarted(() -> watch(seen));
    }

    /// Opens every sink's position and begins to deliver. A sink new to the store starts at the journal's
    /// end.
    ///
    /// @throws StoreException if the store cannot be read
    public static EventForwarder start(ForwarderConfig config, WatermarkStore store, Clock clock) {
        return start(config, store, clock, clock);
    }

    /// The same, where what is planned goes by another clock than what receivers are told.
    ///
    /// @param told the time of a request, which its signature covers
    /// @throws StoreException if the store cannot be read
    public static EventForwarder start(ForwarderConfig config, WatermarkStore store, Clock clock, Clock told) {
        return start(
                config,
                store,
                new ForwarderClocks(clock, told),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    static EventForwarder start(ForwarderConfig config, WatermarkStore store, Clock clock, DoubleSupplier chance) {
        return start(config, store, new ForwarderClocks(clock, clock), chance);
    }

    private static EventForwarder start(
            ForwarderConfig config, WatermarkStore store, ForwarderClocks times, DoubleSupplier chance) {
        var egress = new EgressPolicy(config.egress(), InetAddress::getAllByName);
        var shared = new Sink.Shared(config, store, egress, times, chance);
        var sinks = config.sinks().stream().map(sink -> Sink.open(sink, shared)).toList();
        var forwarder = new EventForwarder(sinks, store, config.drain());
        sinks.forEach(Sink::start);
        forwarder.watcher.start();
        return forwarder;
    }

    /// One thread waits at the journal's end for all sinks.
    private void watch(JournalPosition from) {
        var seen = from;
        while (stopped.getCount() > 0) {
            try {
                if (store.journal().awaitBeyond(seen, WATCH)) {
                    seen = store.journal().end();
                    wake();
                }
            } catch (StoreException e) {
                LOG.warn("The journal cannot be watched and is tried again in a second", e);
                pause();
            } catch (InterruptedException e) {
                LOG.debug("The journal is not watched any more");
                return;
            }
        }
    }

    private void pause() {
        try {
            if (stopped.await(1, TimeUnit.SECONDS)) {
                LOG.debug("The journal is not watched any more");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Has every sink look at the clock again.
    public void wake() {
        sinks.forEach(Sink::wake);
    }

    /// All sinks, in the order of the configuration.
    ///
    /// @throws StoreException if the store cannot be read
    public List<SinkView> sinks() {
        return sinks.stream().map(Sink::view).toList();
    }

    public Map<SinkName, SinkCounters> counters() {
        return sinks.stream()
                .collect(Collectors.toUnmodifiableMap(sink -> sink.config().name(), Sink::counters));
    }

    /// Lets a sink go on that was disabled, or tries one at once that is held; empty if there is none of this
    /// name.
    public Optional<SinkView> enable(SinkName name) {
        return find(name).map(sink -> {
            sink.enable();
            return sink.view();
        });
    }

    /// Stops sending to a sink until an operator enables it; empty if there is none of this name.
    public Optional<SinkView> disable(SinkName name) {
        return find(name).map(sink -> {
            sink.disable();
            return sink.view();
        });
    }

    /// Has a sink get events once more, beside what is new and at a limited rate; they carry
    /// `tidemark-replay`. A restart goes on with it. Empty if there is no sink of this name.
    public Optional<ReplayResult> replay(SinkName name, ReplayRequest order) {
        return find(name).map(sink -> sink.replay(order));
    }

    /// Ends a replay before its end; what is under way of it still goes. Returns whether there was such a one.
    public boolean cancelReplay(String id) {
        var ended = store.replays().end(id);
        sinks.forEach(Sink::reloadReplays);
        return ended;
    }

    /// The position after which the first event lies that was recorded at `moment` or later.
    public JournalPosition positionBefore(Instant moment) {
        return JournalTimeSearch.positionBefore(store.journal(), moment);
    }

    /// Has a dead letter sent once more; returns its sink, or nothing if there is no such letter or sink. It
    /// is dropped once it is taken.
    public Optional<SinkName> replayDeadLetter(String id) {
        return store.replays().recall(id).flatMap(this::find).map(sink -> {
            sink.reloadReplays();
            return sink.config().name();
        });
    }

    /// Has all dead letters of a sink, or of all sinks, sent once more; returns how many there are.
    public int replayDeadLetters(Optional<SinkName> name) {
        var count = store.replays().recallAll(name);
        sinks.forEach(Sink::reloadReplays);
        return count;
    }

    /// Sends a signed trial event, whatever the state of the sink; blocks at most for its time-out. Empty if
    /// there is no sink of this name.
    public Optional<SinkTestResult> test(SinkName name) {
        return find(name).map(Sink::test);
    }

    private Optional<Sink> find(SinkName name) {
        return sinks.stream().filter(sink -> sink.config().name().equals(name)).findFirst();
    }

    /// Nothing new is sent from here on; returns at once.
    public void beginStop() {
        sinks.forEach(Sink::beginStop);
    }

    /// Waits for requests under way, as long as the configuration says, and saves all positions.
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
            LOG.warn("Stopping the sinks was interrupted; up to a second of deliveries may be repeated");
            Thread.currentThread().interrupt();
        }
    }
}

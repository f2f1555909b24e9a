package dev.tidemark.forwarder;

import dev.tidemark.forwarder.Sink.DeliveryPermit;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.targets.SinkTarget;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.lease.LeaseStore.LeaseLostException;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sinks of the forwarder. A changed sink is replaced like at a restart: it finishes its requests in flight, saves
/// its position and starts again from there with the new settings. The other sinks continue meanwhile.
/// Thread-safe.
final class RunningSinks {
    private static final Logger LOG = LoggerFactory.getLogger(RunningSinks.class);

    private final Sink.Shared shared;
    private final boolean isLeased;
    /// The write lock is held while sinks are replaced, the read lock while one is used.
    private final ReentrantReadWriteLock replacing = new ReentrantReadWriteLock();
    private final CountDownLatch stopping = new CountDownLatch(1);
    /// Counters outlive a replacement. Guarded by this.
    private final Map<SinkName, SinkStats> stats = new HashMap<>();

    private volatile List<Sink> sinks = List.of();

    /// @param isLeased true in a cluster: a sink waits until this node has its lease
    RunningSinks(Sink.Shared shared, boolean isLeased) {
        this.shared = shared;
        this.isLeased = isLeased;
    }

    /// Returns all sinks in the order of the configuration.
    List<Sink> all() {
        return sinks;
    }

    Optional<Sink> find(SinkName name) {
        return sinks.stream().filter(sink -> sink.config().name().equals(name)).findFirst();
    }

    /// Waits for a replacement of sinks, so that the sink takes commands.
    Optional<Sink> findSettled(SinkName name) {
        replacing.readLock().lock();
        try {
            return find(name);
        } finally {
            replacing.readLock().unlock();
        }
    }

    /// Runs an action on a partition of a sink, which is not replaced meanwhile. Does nothing if there is no such
    /// partition.
    void use(String resource, Consumer<SinkPartitionRunner> action) {
        replacing.readLock().lock();
        try {
            sinks.stream()
                    .flatMap(sink -> sink.partitions().stream())
                    .filter(runner -> runner.resource().equals(resource))
                    .findFirst()
                    .ifPresent(action);
        } finally {
            replacing.readLock().unlock();
        }
    }

    /// Begins to deliver under a lease, unless the forwarder stops.
    ///
    /// @throws StoreException if the store cannot be read
    void begin(String resource, DeliveryPermit permit) {
        use(resource, runner -> {
            if (stopping.getCount() > 0) {
                runner.begin(permit);
            }
            // it may have begun while the forwarder stopped
            if (stopping.getCount() == 0) {
                runner.beginStop();
            }
        });
    }

    /// Opens the first sinks.
    ///
    /// @throws StoreException if the store cannot be read
    void open(List<SinkConfig> configs, Map<SinkName, SinkTarget> targets) {
        for (var config : configs) {
            var target = Objects.requireNonNull(targets.get(config.name()));
            put(List.of(), open(config, target));
        }
    }

    private Sink open(SinkConfig config, SinkTarget target) {
        if (!isLeased) {
            return Sink.open(config, shared, target, statsOf(config.name()));
        }
        // a new sink gets every event from here on, and retention keeps the events of a sink of another node
        shared.deliveries().forEach(view -> view.open(config.name()));
        return Sink.standby(config, shared, target, statsOf(config.name()));
    }

    void start() {
        sinks.forEach(Sink::start);
    }

    /// Runs the sinks of `next`. Replaces or adds those with a target, and removes those without a setting. Blocks
    /// until the removed and replaced ones have ended.
    void replace(List<SinkConfig> next, Map<SinkName, SinkTarget> targets) {
        replacing.writeLock().lock();
        try {
            var changes = new ArrayList<Thread>();
            var order = next.stream().map(SinkConfig::name).toList();
            for (var sink : sinks) {
                if (!order.contains(sink.config().name())) {
                    changes.add(start(() -> remove(sink)));
                }
            }
            for (var config : next) {
                var target = targets.get(config.name());
                if (target != null) {
                    changes.add(start(() -> replace(config, target, order)));
                }
            }
            for (var change : changes) {
                change.join();
            }
        } catch (InterruptedException e) {
            LOG.warn("Interrupted while replacing sinks; the replacement continues");
            Thread.currentThread().interrupt();
        } finally {
            replacing.writeLock().unlock();
        }
    }

    private static Thread start(Runnable change) {
        return Thread.ofVirtual().name("sink-replacement").start(change);
    }

    private void remove(Sink sink) {
        end(sink);
        // first, so that no view of the sink follows the release
        drop(sink);
        shared.deliveries().forEach(view -> view.release(sink.config().name()));
    }

    private void replace(SinkConfig config, SinkTarget target, List<SinkName> order) {
        var before = find(config.name());
        // read before the end, which gives them up
        var permits = new HashMap<SinkPartition, DeliveryPermit>();
        before.stream()
                .flatMap(sink -> sink.partitions().stream())
                .forEach(runner -> runner.permit().ifPresent(held -> permits.put(runner.partition(), held)));
        before.ifPresent(RunningSinks::end);
        var opened = openWhenPossible(config, target);
        if (opened.isEmpty()) {
            target.close();
            return;
        }
        put(order, opened.get());
        if (!isLeased) {
            // a replay that began meanwhile was announced to the old sink
            opened.get().reloadReplays();
            opened.get().start();
        }
        for (var runner : opened.get().partitions()) {
            Optional.ofNullable(permits.get(runner.partition())).ifPresent(held -> beginWhenPossible(runner, held));
        }
        if (stopping.getCount() == 0) {
            opened.get().beginStop();
        }
    }

    private static void end(Sink sink) {
        sink.beginStop();
        try {
            sink.close(sink.config().target().timeout().plus(Sink.RESPONSE_MARGIN));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Opens a sink as soon as the store can be read; empty if the forwarder stops before.
    private Optional<Sink> openWhenPossible(SinkConfig config, SinkTarget target) {
        while (stopping.getCount() > 0) {
            try {
                return Optional.of(open(config, target));
            } catch (StoreException e) {
                LOG.warn("Failed to start sink {} with its new settings; retrying in 1 s", config.name(), e);
                pause();
            }
        }
        return Optional.empty();
    }

    /// Continues under a lease as soon as the store can be read. Ends without success if the lease is lost.
    private void beginWhenPossible(SinkPartitionRunner runner, DeliveryPermit permit) {
        while (stopping.getCount() > 0) {
            try {
                runner.begin(permit);
                return;
            } catch (LeaseLostException e) {
                LOG.info("{} does not continue on this node: {}", runner.resource(), e.getMessage());
                return;
            } catch (StoreException e) {
                LOG.warn("Failed to continue {}; retrying in 1 s", runner.resource(), e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            if (stopping.await(1, TimeUnit.SECONDS)) {
                LOG.debug("The forwarder stops");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized SinkStats statsOf(SinkName name) {
        return stats.computeIfAbsent(name, ignored -> new SinkStats());
    }

    private synchronized void put(List<SinkName> order, Sink sink) {
        var all = new ArrayList<>(sinks);
        all.removeIf(old -> old.config().name().equals(sink.config().name()));
        all.add(sink);
        if (!order.isEmpty()) {
            all.sort((one, other) -> Integer.compare(
                    order.indexOf(one.config().name()),
                    order.indexOf(other.config().name())));
        }
        sinks = List.copyOf(all);
    }

    private synchronized void drop(Sink sink) {
        var all = new ArrayList<>(sinks);
        all.remove(sink);
        sinks = List.copyOf(all);
    }

    /// Returns the position up to which every sink has saved; no sink reads earlier events again.
    JournalPosition saved(JournalPosition end) {
        return sinks.stream().map(Sink::saved).min(JournalPosition::compareTo).orElse(end);
    }

    /// Returns the sinks with unread or waiting events up to `end`.
    Set<SinkName> behind(JournalPosition end) {
        return sinks.stream()
                .filter(sink -> sink.isBehind(end))
                .map(sink -> sink.config().name())
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Stops sending new requests; returns at once.
    void beginStop() {
        stopping.countDown();
        sinks.forEach(Sink::beginStop);
    }

    /// Waits for requests in flight until `deadline`, by the nanosecond clock, and saves all positions. Does
    /// not wait for a replacement that lasts longer.
    void close(long deadline) throws InterruptedException {
        // only waits for a replacement; a hand-over must not wait for the slowest sink
        if (replacing.writeLock().tryLock(remaining(deadline), TimeUnit.NANOSECONDS)) {
            replacing.writeLock().unlock();
        }
        sinks.forEach(Sink::beginStop);
        for (var sink : sinks) {
            sink.close(Duration.ofNanos(remaining(deadline)));
        }
    }

    private static long remaining(long deadline) {
        return Math.max(1, deadline - System.nanoTime());
    }
}

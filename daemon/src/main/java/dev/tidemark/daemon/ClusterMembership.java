package dev.tidemark.daemon;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.daemon.admin.BuildVersion;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.config.TidemarkConfig.ClusterSection;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.config.ForwarderConfig;
import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.lease.LeaseStore.ClusterNode;
import dev.tidemark.store.lease.LeaseStore.NodeIdentity;
import dev.tidemark.tracing.EventTracer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// Part of this daemon in a cluster; without one, this daemon does all work. [TidemarkDaemon] creates it before
/// the modules whose work needs leases, and closes it after them. Thread-safe.
final class ClusterMembership implements AutoCloseable {
    private final ClusterSection config;
    private final Clock clock;
    private final Instant startedAt;
    private final Optional<LeaseKeeper> keeper;
    private final TimedWorkLease timedWork = new TimedWorkLease();

    private ClusterMembership(ClusterSection config, Clock clock, Instant startedAt, Optional<LeaseKeeper> keeper) {
        this.config = config;
        this.clock = clock;
        this.startedAt = startedAt;
        this.keeper = keeper;
    }

    /// Joins the cluster if the configuration enables it.
    ///
    /// @throws dev.tidemark.store.StoreException if the database fails, or another node has this name
    static ClusterMembership join(TidemarkConfig config, WatermarkStore store, Clock clock) {
        var section = config.cluster();
        var now = clock.instant();
        if (!section.enabled()) {
            return new ClusterMembership(section, clock, now, Optional.empty());
        }
        var session = section.node() + " " + UUID.randomUUID();
        var node = new NodeIdentity(section.node(), session, BuildVersion.current(), now);
        var keeper = new LeaseKeeper(store.leases().orElseThrow(), node, section.lease(), System::nanoTime);
        keeper.join();
        return new ClusterMembership(section, clock, now, Optional.of(keeper));
    }

    /// Starts the forwarder, which waits for leases in a cluster.
    EventForwarder startForwarder(
            ForwarderConfig sinks, WatermarkStore store, DaemonClocks clocks, EventTracer tracer) {
        return keeper.isPresent()
                ? EventForwarder.startLeased(
                        sinks, store, clocks.own(), clocks.system(), config.sinkPartitions(), tracer)
                : EventForwarder.start(sinks, store, clocks.own(), clocks.system(), tracer);
    }

    /// Returns the duty of this daemon to do the timed work.
    ///
    /// @param sweep interval in which the compensator looks for work that came from other nodes
    Compensator.Duty duty(Duration sweep) {
        return keeper.isPresent() ? new Compensator.Duty(timedWork::isHere, sweep) : Compensator.Duty.ALONE;
    }

    /// Starts to take leases.
    void start(EventForwarder forwarder, Compensator compensator) {
        timedWork.connect(compensator);
        keeper.ifPresent(running -> running.start(List.of(new SinkLeases(forwarder.leased()), timedWork)));
    }

    /// Returns the nodes of the cluster, or this daemon alone.
    List<ClusterNode> nodes() {
        return keeper.map(LeaseKeeper::nodes)
                .orElseGet(() -> List.of(new ClusterNode(
                        config.node(),
                        BuildVersion.current(),
                        startedAt,
                        clock.instant(),
                        Duration.ZERO,
                        true,
                        true,
                        List.of())));
    }

    /// Returns a supplier of the failure that only a restart of this node ends. Empty without a cluster, because
    /// no other process can take the work.
    Supplier<Optional<String>> obstacle(CallbackIntake intake) {
        return () -> keeper.flatMap(member -> intake.needsRestart() ? intake.obstacle() : member.obstacle());
    }

    /// Hands all work over to other nodes. Returns at once.
    void beginStop() {
        keeper.ifPresent(LeaseKeeper::beginStop);
    }

    @Override
    public void close() {
        keeper.ifPresent(LeaseKeeper::close);
    }
}

package dev.tidemark.daemon.metrics;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.daemon.canary.CanaryMonitor.CanaryReading;
import dev.tidemark.daemon.metrics.CertificateMetrics.CertificateFile;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.lease.LeaseStore.ClusterNode;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.tracing.EventTracer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Modules of the daemon whose metrics are read.
///
/// @param nodes returns the nodes of the cluster
/// @param canaries returns the results of the canaries
/// @param meters meters that modules report to
/// @param facts constant facts and limits
public record MonitoredModules(
        WatermarkStore store,
        CallbackListener listener,
        EventForwarder forwarder,
        MailboxSubscriber subscriber,
        Compensator compensator,
        Supplier<List<ClusterNode>> nodes,
        Supplier<List<CanaryReading>> canaries,
        DaemonMeters meters,
        DaemonFacts facts) {
    /// Meters that exist before the modules that report to them.
    public record DaemonMeters(
            SkipMeter skips,
            EwsRequestMeters requests,
            ReloadMeter reloads,
            LoginFailureMeter logins,
            EventTracer tracer) {
        public static DaemonMeters create(Clock clock, EventTracer tracer) {
            return new DaemonMeters(
                    new SkipMeter(),
                    new EwsRequestMeters(tracer),
                    new ReloadMeter(clock),
                    new LoginFailureMeter(),
                    tracer);
        }
    }

    /// Facts about the build and the configuration.
    ///
    /// @param revision commit of the build
    /// @param minFree bytes below which callbacks get 503
    /// @param maxUndelivered age at which an undelivered event expires
    /// @param watermarkLifetime age at which a watermark counts as lost
    /// @param certificates files of the certificates that Tidemark presents, with the passwords of stores
    public record DaemonFacts(
            String version,
            String revision,
            long minFree,
            Duration maxUndelivered,
            Duration watermarkLifetime,
            Supplier<Map<Path, Optional<String>>> certificates) {
        List<CertificateFile> certificateFiles() {
            return certificates.get().entrySet().stream()
                    .map(each -> new CertificateFile(each.getKey(), each.getValue()))
                    .toList();
        }
    }

    List<MetricSource> sources(ProblemCounts problems, Clock clock) {
        return List.of(
                this::collectBuild,
                new ListenerMetrics(listener::counters),
                new StoreMetrics(store, new StoreMetrics.Limits(facts.minFree(), facts.maxUndelivered())),
                new MailboxMetrics(store.mailboxes(), facts.watermarkLifetime(), clock),
                new ConnectionMetrics(subscriber),
                new SubscriberMetrics(subscriber),
                meters.requests(),
                meters.skips(),
                new CompensatorMetrics(compensator, subscriber::connections),
                new NodeMetrics(nodes),
                new CanaryMetrics(canaries),
                new SinkMetrics(forwarder, store.deliveries(), clock),
                new CertificateMetrics(facts::certificateFiles, clock),
                meters.reloads(),
                meters.logins(),
                new TracingMetrics(meters.tracer()),
                problems);
    }

    private void collectBuild(MetricPage page) {
        page.facts(
                "build",
                "Version and commit of this build.",
                MetricLabels.of("version", facts.version()).and("revision", facts.revision()));
    }
}

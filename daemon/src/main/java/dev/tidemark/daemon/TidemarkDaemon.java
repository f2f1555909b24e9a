package dev.tidemark.daemon;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.daemon.activity.ActivityRecorder;
import dev.tidemark.daemon.admin.AccessGate;
import dev.tidemark.daemon.admin.AdminRouteRegistrar;
import dev.tidemark.daemon.admin.AdminRouter;
import dev.tidemark.daemon.admin.AdminServer;
import dev.tidemark.daemon.admin.AuditLog;
import dev.tidemark.daemon.admin.DaemonLifecycle;
import dev.tidemark.daemon.admin.HealthRoutes;
import dev.tidemark.daemon.admin.ProblemReport;
import dev.tidemark.daemon.admin.access.LoginThrottle;
import dev.tidemark.daemon.canary.CanaryMonitor;
import dev.tidemark.daemon.check.CheckPlan;
import dev.tidemark.daemon.check.ListenerProbe;
import dev.tidemark.daemon.check.LiveCheck;
import dev.tidemark.daemon.check.MailboxSample;
import dev.tidemark.daemon.config.BindAddress;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.config.TidemarkConfig.AdminSection;
import dev.tidemark.daemon.logging.RecentLog;
import dev.tidemark.daemon.metrics.MetricScraper;
import dev.tidemark.daemon.metrics.MonitoredModules;
import dev.tidemark.daemon.metrics.MonitoredModules.DaemonMeters;
import dev.tidemark.daemon.metrics.ResourceWarnings;
import dev.tidemark.daemon.reload.ConfigFileWatcher;
import dev.tidemark.daemon.reload.ConfigReloader;
import dev.tidemark.daemon.reload.ReloadResult;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.CallbackSkipReporter;
import dev.tidemark.listener.ListenerConfig;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.embedded.BackupSettings;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.detail.DetailFetcher;
import dev.tidemark.subscriber.detail.FolderNameFetcher;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Running daemon. Creates all modules in the order of the data flow and closes them in reverse order. Created
/// by [DaemonRunner] or by an embedding program; [#close] may run on a different thread.
public final class TidemarkDaemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TidemarkDaemon.class);

    private static final Duration READY_CHECK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration END_CHECK_INTERVAL = Duration.ofSeconds(1);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(30);

    private final DaemonLifecycle lifecycle = new DaemonLifecycle();
    private final ResourceCloser closer = new ResourceCloser();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AdminRouter router;
    private final AdminServer admin;
    private final CallbackListener listener;
    private final EventForwarder forwarder;
    private final StoreReadiness readiness;
    private final LivenessProbe liveness;
    private final Supplier<Optional<String>> nodeObstacle;
    private final ConfigReloader reloader;
    // the whole configuration names all mailboxes and must not stay in memory
    private final ListenerConfig listenerConfig;
    private final AdminSection adminConfig;
    private final Optional<String> adminToken;
    private final StopRequest stop;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Starts all modules. On return, the listener accepts callbacks and a check of every mailbox is scheduled.
    ///
    /// @throws UnreachableException if the admin address is in use
    /// @throws dev.tidemark.store.StoreException if the store cannot be opened
    /// @throws dev.tidemark.listener.ListenerException if the listener cannot be opened
    public static TidemarkDaemon start(TidemarkConfig config, Clock clock) {
        return start(config, DaemonClocks.of(clock));
    }

    /// Starts all modules with the given clocks.
    public static TidemarkDaemon start(TidemarkConfig config, DaemonClocks clocks) {
        return start(config, clocks, new StopRequest());
    }

    /// Starts all modules; `stop` may be requested during the start. At the request, every module that exists
    /// stops receiving and sending at once. The caller must still [#close] the returned daemon.
    ///
    /// @throws StartAbortedException if no module receives or sends yet; then everything opened is closed
    static TidemarkDaemon start(TidemarkConfig config, DaemonClocks clocks, StopRequest stop) {
        return new TidemarkDaemon(config, clocks, stop);
    }

    private TidemarkDaemon(TidemarkConfig config, DaemonClocks clocks, StopRequest stop) {
        var clock = clocks.own();
        listenerConfig = config.listener().server();
        adminConfig = config.admin();
        this.stop = stop;
        stop.onStop(lifecycle::stop);
        try {
            var mapper = new ModuleConfigMapper(config);
            var health = new HealthRoutes(lifecycle);
            var tracer = closer.add(TracerOpener.open(config, clocks.system()));
            var meters = DaemonMeters.create(clock, tracer);
            var throttle = new LoginThrottle(clock, meters.logins());
            var gate = AccessGate.of(config.admin().onLoopback(), config.admin().tokens(), throttle);
            var audit = AuditLog.open(config.admin().audit(), clock);
            router = new AdminRouter(gate, audit);
            health.addTo(router);
            var recentLog = closer.add(RecentLog.start());
            admin = closer.add(AdminServer.start(config.admin(), router));
            var names = new FolderNameCache();
            var lookups = new GroupLookups(mapper.connectionOfGroup());
            var store = closer.add(StoreOpener.open(config.store(), names, lookups::connectionOf, clock));
            mapper.requireName(store.instance());
            var cluster = closer.add(ClusterMembership.join(config, store, clock));
            var firstToken = FirstStartToken.of(config.admin());
            adminToken = firstToken.generated();
            gate.replace(firstToken.tokens());
            var mailboxWrites = new ReentrantLock();
            new MailboxReconciler(store.mailboxes(), mailboxWrites).reconcile(config.groups());
            store.details().setGroups(mapper.detailedGroups());
            // last point at which an aborted start leaves no trace
            stop.check();
            forwarder = closer.add(cluster.startForwarder(mapper.forwarder(), store, clocks, tracer));
            stop.onStop(forwarder::beginStop);
            stop.onStop(cluster::beginStop);
            var duty = cluster.duty(config.compensator().sweepInterval());
            var triggerRelay = new CompensationTriggerRelay();
            var tokens = mapper.tokenCodec(store.instance());
            CallbackSkipReporter callbackSkips = (mailbox, parts) -> store.mailboxes()
                    .find(mailbox)
                    .ifPresent(known -> meters.skips().skipped(known.address(), parts));
            listener = closer.add(
                    CallbackListener.start(listenerConfig, store, tokens, triggerRelay, callbackSkips, tracer, clock));
            listener.reportHeartbeatsTo(new HeartbeatRelay(store.mailboxes(), forwarder));
            stop.onStop(listener::drain);
            var clients = new ExchangeClients(store, clocks, meters);
            clients.useSids(config);
            lookups.setUrls(mapper.callbackUrls(tokens, listener.port()));
            var subscriber = closer.add(new MailboxSubscriber(
                    mapper.subscriber(listener.port()),
                    clients.openAll(mapper, config.connections().keySet()),
                    store,
                    lookups,
                    clock));
            stop.onStop(subscriber::stop);
            closer.add(FolderNameFetcher.start(subscriber, store, names));
            closer.add(DetailFetcher.start(subscriber, store, clock, duty.isHere()));
            var compensator = closer.add(Compensator.start(config.compensator(), subscriber, store, clock, duty));
            triggerRelay.relayTo(compensator);
            cluster.start(forwarder, compensator);
            var modules = new DaemonModules(
                    config,
                    new DaemonModules.ModuleSet(
                            store,
                            mailboxWrites,
                            forwarder,
                            listener,
                            tokens,
                            subscriber,
                            compensator,
                            lookups,
                            clients,
                            gate));
            reloader = new ConfigReloader(config, store.mailboxes(), modules, clock);
            reloader.onFinished(result -> meters.reloads().record(result instanceof ReloadResult.Applied));
            reloader.onFinished(result ->
                    meters.requests().retain(reloader.running().connections().keySet()));
            var members = closer.add(DistributionGroupRefresher.start(
                    () -> reloader.running().groups(),
                    new ExchangeDirectory(subscriber, store.mailboxes()),
                    new MemberReconciler(store.mailboxes(), mailboxWrites, modules::expands, compensator::raise),
                    clock,
                    duty.isHere()));
            reloader.onFinished(members::onReload);
            stop.onStop(reloader::stop);
            closer.add(ConfigFileWatcher.start(reloader, clock));
            var backups =
                    new BackupSettings(config.backupDirectory(), config.store().minFree());
            backups.removeIncomplete();
            var facts = mapper.facts(reloader::running);
            var resources = new ResourceWarnings(store.intake(), facts, clock);
            var canaries = closer.add(CanaryMonitor.start(reloader::running, store, subscriber, clock, duty.isHere()));
            var report = new ProblemReport(
                    store,
                    subscriber,
                    forwarder,
                    resources,
                    reloader::status,
                    canaries::readings,
                    cluster::nodes,
                    clock);
            var monitored = new MonitoredModules(
                    store,
                    listener,
                    forwarder,
                    subscriber,
                    compensator,
                    cluster::nodes,
                    canaries::readings,
                    meters,
                    facts);
            var metrics = closer.add(MetricScraper.of(monitored, report.counts(), clock));
            var parts = new AdminRouteRegistrar(
                    store,
                    listener,
                    forwarder,
                    subscriber,
                    compensator,
                    metrics,
                    recentLog,
                    closer.add(ActivityRecorder.start(listener, forwarder, store.journal(), clock)),
                    backups,
                    mailboxWrites,
                    cluster::nodes,
                    () -> liveCheck(reloader.running(), store, clocks));
            parts.addTo(router, new CloudEventRenderer(store.instance().name()), lifecycle, report, reloader, clock);
            router.complete();
            report.watch(audit);
            health.report(report::problems);
            readiness = new StoreReadiness(store.intake(), store.instance().name());
            nodeObstacle = cluster.obstacle(store.intake());
            liveness = new LivenessProbe(store.intake(), listenerProbe(), this::requests);
            if (lifecycle.markReady()) {
                readiness.checkReady();
            }
        } catch (RuntimeException failed) {
            closer.closeAfter(failed);
            throw failed;
        }
    }

    private LiveCheck liveCheck(TidemarkConfig running, WatermarkStore store, DaemonClocks clocks) {
        return new LiveCheck(
                CheckPlan.of(running),
                group -> MailboxSample.ofGroup(group, store.mailboxes().all()),
                Optional.of(listener),
                forwarder::test,
                clocks.system());
    }

    private long requests() {
        var counters = listener.counters();
        return counters.received()
                + counters.refused().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
    }

    private ListenerProbe listenerProbe() {
        return new ListenerProbe(
                listenerConfig.host(),
                listener.port(),
                listenerConfig.tls().isPresent(),
                listenerConfig.healthPath(),
                PROBE_TIMEOUT);
    }

    /// Returns the address of the listener.
    public URI listenerAddress() {
        var scheme = listenerConfig.tls().isPresent() ? "https" : "http";
        return URI.create(scheme + "://" + new BindAddress(listenerConfig.host(), listener.port()));
    }

    /// Returns the address of the status page and the admin API.
    public URI adminAddress() {
        var scheme = adminConfig.tls().isPresent() ? "https" : "http";
        return URI.create(scheme + "://" + new BindAddress(adminConfig.bind().host(), admin.port()));
    }

    /// Returns the address of the status page, with the token of the first start if that applies.
    public URI pageAddress() {
        return adminToken
                .map(token -> adminAddress().resolve("/#token=" + token))
                .orElseGet(() -> adminAddress().resolve("/"));
    }

    /// Reads the configuration again on a separate thread, and applies it if it is valid.
    public void reload(String cause) {
        reloader.request(cause);
    }

    /// Returns the routes of the admin API with their contracts, one line each, for comparison with `openapi.yaml`.
    public List<String> adminRoutes() {
        return router.routes();
    }

    /// Waits until the store accepts callbacks; Exchange receives 503 until then. Logs the obstacle. Returns
    /// false if the daemon ends first.
    public boolean awaitReady() throws InterruptedException {
        while (!readiness.checkReady()) {
            if (ended.await(READY_CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
                    || lifecycle.isStopping()
                    || nodeObstacle.get().isPresent()) {
                return false;
            }
        }
        return true;
    }

    /// Returns a failure that only a restart ends, if any. Blocks while a commit of the store hangs.
    public Optional<String> restartReason() {
        return liveness.obstacle();
    }

    /// Waits until [#close] has finished. Returns the reason early if this cluster node needs a restart or an
    /// upgrade. The caller then stops it, so that other nodes take its leases.
    public Optional<String> awaitEnd() throws InterruptedException {
        while (!ended.await(END_CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
            var reason = nodeObstacle.get();
            if (reason.isPresent() && !lifecycle.isStopping()) {
                return reason;
            }
        }
        return Optional.empty();
    }

    /// Stops in order, within 25 seconds. Readiness fails first, then the listener drains, sinks finish requests
    /// in flight, and the store closes last. A second call does nothing.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        LOG.info("Stopping");
        try {
            stop.request();
            var sinks = Thread.ofVirtual().name("stop-sinks").start(forwarder::close);
            closer.close();
            LOG.info("Stopped; deliveries in flight: {}", sinks.isAlive() ? "left" : "none");
        } finally {
            ended.countDown();
        }
    }
}

package dev.tidemark.daemon;

import dev.tidemark.daemon.admin.DaemonLifecycle;
import dev.tidemark.daemon.check.ListenerProbe;
import dev.tidemark.daemon.config.BindAddress;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.config.TidemarkConfig.AdminSection;
import dev.tidemark.daemon.reload.ConfigReloader;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.ListenerConfig;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private final AdminSide admin;
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

    /// Creates the modules in the order of the data flow. Each step returns what later steps use.
    private TidemarkDaemon(TidemarkConfig config, DaemonClocks clocks, StopRequest stop) {
        listenerConfig = config.listener().server();
        adminConfig = config.admin();
        this.stop = stop;
        stop.onStop(lifecycle::stop);
        try {
            var start = new StartContext(config, clocks, closer, stop);
            admin = AdminSide.open(start, lifecycle);
            var storage = StorageSide.open(start);
            var firstToken = FirstStartToken.of(config.admin());
            adminToken = firstToken.generated();
            admin.gate().replace(firstToken.tokens());
            storage.configure(start);
            // last point at which an aborted start leaves no trace
            stop.check();
            forwarder = storage.startForwarder(start, admin.meters().tracer());
            var exchange = ExchangeSide.start(start, storage, admin.meters());
            listener = exchange.listener();
            listener.reportHeartbeatsTo(new HeartbeatRelay(storage.store().mailboxes(), forwarder));
            storage.cluster().start(forwarder, exchange.compensator());
            reloader = new OperatingSide(admin, storage, forwarder, exchange).start(start, lifecycle);
            var store = storage.store();
            readiness = new StoreReadiness(store.intake(), store.instance().name());
            nodeObstacle = storage.cluster().obstacle(store.intake());
            liveness = new LivenessProbe(store.intake(), listenerProbe(), this::requests);
            if (lifecycle.markReady()) {
                readiness.checkReady();
            }
        } catch (RuntimeException failed) {
            closer.closeAfter(failed);
            throw failed;
        }
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
        return URI.create(scheme + "://"
                + new BindAddress(adminConfig.bind().host(), admin.server().port()));
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
        return admin.router().routes();
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

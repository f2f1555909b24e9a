package dev.tidemark.daemon;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.daemon.admin.AdminRouteRegistrar;
import dev.tidemark.daemon.admin.AdminRouter;
import dev.tidemark.daemon.admin.AdminServer;
import dev.tidemark.daemon.admin.DaemonLifecycle;
import dev.tidemark.daemon.admin.HealthRoutes;
import dev.tidemark.daemon.admin.ProblemReport;
import dev.tidemark.daemon.admin.SkipMeter;
import dev.tidemark.daemon.config.BindAddress;
import dev.tidemark.daemon.config.ListenerConfigSection;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.ews.EwsClient;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.listener.CallbackSkipReporter;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.embedded.StoreFactory;
import dev.tidemark.subscriber.DetailFetcher;
import dev.tidemark.subscriber.FolderNameFetcher;
import dev.tidemark.subscriber.MailboxSubscriber;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running Tidemark: everything it is made of, put together in the order in which the data flows.
public final class TidemarkDaemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TidemarkDaemon.class);

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final DaemonLifecycle phase = new DaemonLifecycle();
    private final ResourceCloser closing = new ResourceCloser();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AdminServer admin;
    private final CallbackListener listener;
    private final EventForwarder forwarder;
    private final StoreReadiness readiness;
    // of the configuration only this: it names all mailboxes and must not stay in memory
    private final ListenerConfigSection callbacks;
    private final BindAddress adminBind;
    private final StopRequest stop;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Starts everything; on return call-backs are taken and every mailbox is being looked at.
    ///
    /// @throws UnreachableException if the admin address is taken
    /// @throws dev.tidemark.store.StoreException if the store cannot be opened
    /// @throws dev.tidemark.listener.ListenerException if the listener cannot be opened
    public static TidemarkDaemon start(TidemarkConfig config, Clock clock) {
        return start(config, DaemonClocks.of(clock));
    }

    /// The same, by two clocks.
    public static TidemarkDaemon start(TidemarkConfig config, DaemonClocks clocks) {
        return start(config, clocks, new StopRequest());
    }

    /// The same for a daemon that may be told to stop while it starts. Then whatever takes or sends anything
    /// stops at once, as far as it is there; it is still for the caller to [#close] what this returns.
    ///
    /// @throws StartAbortedException if nothing takes or sends anything yet; then nothing is left to be closed
    static TidemarkDaemon start(TidemarkConfig config, DaemonClocks clocks, StopRequest stop) {
        return new TidemarkDaemon(config, clocks, stop);
    }

    private TidemarkDaemon(TidemarkConfig config, DaemonClocks clocks, StopRequest stop) {
        var clock = clocks.own();
        callbacks = config.listener();
        adminBind = config.admin();
        this.stop = stop;
        stop.then(phase::stop);
        try {
            var wiring = new ModuleConfigMapper(config);
            var health = new HealthRoutes(phase);
            var router = new AdminRouter();
            health.addTo(router);
            admin = closing.add(AdminServer.start(config.admin(), router));
            var names = new FolderNameCache();
            var store = closing.add(StoreFactory.open(config.store(), names, wiring.connectionOfGroup(), clock));
            wiring.requireName(store.instance());
            new MailboxReconciler(store.mailboxes()).call(config.groups());
            store.details().groups(wiring.detailedGroups());
            // the last moment at which all can be left as it was
            stop.check();
            forwarder = closing.add(EventForwarder.start(wiring.forwarder(), store, clock, clocks.system()));
            stop.then(forwarder::beginStop);
            var alarm = new CompensationTriggerRelay();
            var tokens = wiring.tokens(store.instance());
            var skips = new SkipMeter();
            CallbackSkipReporter callbackSkips = (mailbox, parts) ->
                    store.mailboxes().find(mailbox).ifPresent(known -> skips.skipped(known.address(), parts));
            listener =
                    closing.add(CallbackListener.start(wiring.listener(), store, tokens, alarm, callbackSkips, clock));
            stop.then(listener::drain);
            var clients = new LinkedHashMap<String, EwsClient>();
            config.connections()
                    .keySet()
                    .forEach(name -> clients.put(name, closing.add(wiring.client(name, store, clocks, skips))));
            var urls = wiring.urls(tokens, listener.port());
            var subscriber = new MailboxSubscriber(wiring.subscriber(listener.port()), clients, store, urls, clock);
            stop.then(subscriber::stop);
            closing.add(FolderNameFetcher.start(subscriber, store, names));
            closing.add(DetailFetcher.start(subscriber, store, clock));
            var compensator = closing.add(Compensator.start(wiring.compensator(), subscriber, store, clock));
            alarm.to(compensator);
            var parts = new AdminRouteRegistrar(store, listener, forwarder, subscriber, compensator, skips);
            var report = new ProblemReport(store, subscriber, forwarder, clock);
            parts.addTo(router, new CloudEventRenderer(store.instance().name()), phase, report, clock);
            router.complete();
            health.report(report::problems);
            readiness = new StoreReadiness(store.intake(), store.instance().name());
            if (phase.ready()) {
                readiness.look();
            }
        } catch (RuntimeException failed) {
            closing.closeAfter(failed);
            throw failed;
        }
    }

    /// Where call-backs are taken.
    public URI listenerAddress() {
        var scheme = callbacks.tls().isPresent() ? "https" : "http";
        return URI.create(scheme + "://" + new BindAddress(callbacks.bind().host(), listener.port()));
    }

    /// Where the status page and the admin API are.
    public URI adminAddress() {
        return URI.create("http://" + new BindAddress(adminBind.host(), admin.port()));
    }

    /// Waits until the store can take callbacks; they get 503 until then. Logs what it waits for. Returns false
    /// if the daemon ends first.
    boolean awaitReady() throws InterruptedException {
        while (!readiness.look()) {
            if (ended.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS) || phase.stopping()) {
                return false;
            }
        }
        return true;
    }

    /// Waits until [#close] is done.
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /// Stops in order, within 25 seconds: readiness goes first, call-backs are taken a little longer, sinks
    /// finish what is under way, and the store is closed last. A second call does nothing.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        LOG.info("Stopping.");
        try {
            stop.make();
            var sinks = Thread.ofVirtual().name("stop-sinks").start(forwarder::close);
            closing.close();
            LOG.info("Stopped; deliveries under way: {}.", sinks.isAlive() ? "left" : "none");
        } finally {
            ended.countDown();
        }
    }
}

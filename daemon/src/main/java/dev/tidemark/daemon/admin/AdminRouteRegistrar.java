package dev.tidemark.daemon.admin;

import dev.tidemark.compensator.Compensator;
import dev.tidemark.daemon.activity.ActivityRecorder;
import dev.tidemark.daemon.admin.stream.JournalEventStream;
import dev.tidemark.daemon.admin.stream.StreamLimiter;
import dev.tidemark.daemon.check.LiveCheck;
import dev.tidemark.daemon.logging.RecentLog;
import dev.tidemark.daemon.metrics.MetricScraper;
import dev.tidemark.daemon.provisioning.MailboxProvisioner;
import dev.tidemark.daemon.reload.ConfigReloader;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.forwarder.operator.SinkCounters;
import dev.tidemark.listener.CallbackListener;
import dev.tidemark.store.embedded.BackupSettings;
import dev.tidemark.store.lease.LeaseStore.ClusterNode;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.transfer.CopyableStore;
import dev.tidemark.subscriber.MailboxSubscriber;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/// Creates all routes of the admin API and adds them to the router. Called once during the start.
///
/// @param mailboxWrites held for each write to the list of mailboxes
/// @param nodes returns the nodes of the cluster
public record AdminRouteRegistrar(
        CopyableStore store,
        CallbackListener listener,
        EventForwarder forwarder,
        MailboxSubscriber subscriber,
        Compensator compensator,
        MetricScraper metrics,
        RecentLog log,
        ActivityRecorder activity,
        BackupSettings backups,
        ReentrantLock mailboxWrites,
        Supplier<List<ClusterNode>> nodes,
        Supplier<LiveCheck> check) {
    private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

    public void addTo(
            AdminRouter router,
            CloudEventRenderer events,
            DaemonLifecycle lifecycle,
            ProblemReport report,
            ConfigReloader reloader,
            Clock clock) {
        Function<JournalEvent, String> render =
                event -> new String(events.renderForDisplay(event, store.details()), StandardCharsets.UTF_8);
        var before = store.journal().end().value();
        StatusPageRoutes.addTo(router);
        router.get("/metrics", RouteContract.monitoring(), request -> AdminReply.text(METRICS, metrics.scrape()));
        new ReloadRoute(reloader).addTo(router);
        router.get(
                "/api/v1/status",
                new StatusRoute(
                        store,
                        () -> totals(before),
                        new RepairStatusView(store, compensator, subscriber),
                        report,
                        clock.instant(),
                        clock));
        router.get("/api/v1/activity", request -> AdminReply.of(activity.tree()));
        var mailboxes =
                new MailboxRoutes(store, compensator, subscriber, clock, mailboxWrites, forwarder::countForgotten);
        var operations = new OperationRegistry(clock);
        // before the routes of one mailbox, whose pattern matches, too
        new BulkMailboxRoutes(store, compensator, subscriber, operations, clock).addTo(router);
        mailboxes.addTo(router);
        new GroupRoutes(
                        new MailboxProvisioner(
                                store.mailboxes(),
                                mailboxWrites,
                                reloader::group,
                                reloader::impersonatesBySid,
                                compensator::raise),
                        subscriber::groups,
                        mailboxes::tree)
                .addTo(router);
        var streams = new JournalEventStream.Sources(
                store.journal(), render, PositionTextCodec::of, lifecycle::isStopping, clock);
        new EventStreamRoute(
                        streams,
                        new EventQueryParser(store.journal(), store.mailboxes()),
                        new StreamLimiter(EventStreamRoute.MAX_STREAMS))
                .addTo(router);
        new EventRoutes(store.journal(), store.mailboxes(), render, lifecycle, clock).addTo(router);
        router.get("/api/v1/nodes", request -> nodeList());
        new SinkRoutes(forwarder).addTo(router);
        new ConnectionRoutes(subscriber, compensator, clock).addTo(router);
        var orders = new ReplayRequestParser(forwarder::positionBefore, store.journal(), store.mailboxes(), clock);
        new ReplayRoutes(forwarder, store.replays(), store.deliveries(), orders).addTo(router);
        new DeadLetterRoutes(
                        store.deliveries(),
                        () -> forwarder.counters().keySet(),
                        new DeadLetterQueryParser(store.mailboxes(), clock),
                        render)
                .addTo(router);
        operations.addTo(router);
        new BackupRoutes(store, backups, operations, clock).addTo(router);
        new CheckRoutes(check, operations).addTo(router);
        router.get("/api/v1/diagnostics", RouteContract.operate(), new DiagnosticsRoute(log));
    }

    private AdminReply nodeList() {
        return AdminReply.of(Map.of(
                "items", nodes.get().stream().map(AdminRouteRegistrar::tree).toList()));
    }

    private static Map<String, Object> tree(ClusterNode node) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("name", node.name());
        tree.put("version", node.version());
        tree.put("alive", node.alive());
        tree.put("startedAt", node.startedAt());
        tree.put("lastSeenAt", node.lastSeenAt());
        tree.put("clockOffsetMs", node.clockOffset().toMillis());
        tree.put("leases", node.leases());
        return tree;
    }

    private StatusTotals totals(long journalledBefore) {
        var counters = listener.counters();
        return new StatusTotals(
                counters.received(),
                counters.acknowledged(),
                store.journal().end().value() - journalledBefore,
                forwarder.counters().values().stream()
                        .mapToLong(SinkCounters::delivered)
                        .sum(),
                counters.duplicates(),
                counters.gaps(),
                store.deliveries().deadLetterCount());
    }
}

package dev.tidemark.daemon;

import dev.tidemark.daemon.activity.ActivityRecorder;
import dev.tidemark.daemon.admin.AdminRouteRegistrar;
import dev.tidemark.daemon.admin.DaemonLifecycle;
import dev.tidemark.daemon.admin.ProblemReport;
import dev.tidemark.daemon.canary.CanaryMonitor;
import dev.tidemark.daemon.check.CheckPlan;
import dev.tidemark.daemon.check.LiveCheck;
import dev.tidemark.daemon.check.MailboxSample;
import dev.tidemark.daemon.config.TidemarkConfig;
import dev.tidemark.daemon.metrics.MetricScraper;
import dev.tidemark.daemon.metrics.MonitoredModules;
import dev.tidemark.daemon.metrics.MonitoredModules.DaemonFacts;
import dev.tidemark.daemon.metrics.ResourceWarnings;
import dev.tidemark.daemon.reload.ConfigFileWatcher;
import dev.tidemark.daemon.reload.ConfigReloader;
import dev.tidemark.daemon.reload.ReloadResult;
import dev.tidemark.forwarder.EventForwarder;
import dev.tidemark.forwarder.event.CloudEventRenderer;
import dev.tidemark.store.embedded.BackupSettings;
import java.time.Clock;
import java.util.Optional;

/// Operating side of the daemon: reloads the configuration, watches the running modules and reports on them through
/// the routes of the admin API.
record OperatingSide(AdminSide admin, StorageSide storage, EventForwarder forwarder, ExchangeSide exchange) {
    /// Starts reloads and reports, and adds all routes. Returns the reloader of the configuration.
    ConfigReloader start(StartContext start, DaemonLifecycle lifecycle) {
        var store = storage.store();
        var clock = start.clock();
        var reloader = startReloader(start);
        var backups = new BackupSettings(
                start.config().backupDirectory(), start.config().store().minFree());
        backups.removeIncomplete();
        var facts = start.mapper().facts(reloader::running);
        var resources = new ResourceWarnings(store.intake(), facts, clock);
        var canaries = start.add(CanaryMonitor.start(
                reloader::running,
                store,
                exchange.subscriber(),
                clock,
                exchange.duty().isHere()));
        var report = report(resources, reloader, canaries, clock);
        var metrics = start.add(MetricScraper.of(monitored(facts, canaries), report.counts(), clock));
        var activity = start.add(ActivityRecorder.start(exchange.listener(), forwarder, store.journal(), clock));
        routes(metrics, activity, backups, reloader, start.clocks())
                .addTo(
                        admin.router(),
                        new CloudEventRenderer(store.instance().name()),
                        lifecycle,
                        report,
                        reloader,
                        clock);
        admin.router().complete();
        report.watch(admin.audit());
        admin.health().report(report::problems);
        return reloader;
    }

    private ConfigReloader startReloader(StartContext start) {
        var mailboxes = storage.store().mailboxes();
        var modules = new DaemonModules(start.config(), reloadable());
        var reloader = new ConfigReloader(start.config(), mailboxes, modules, start.clock());
        var meters = admin.meters();
        reloader.onFinished(result -> meters.reloads().record(result instanceof ReloadResult.Applied));
        reloader.onFinished(result ->
                meters.requests().retain(reloader.running().connections().keySet()));
        var members = start.add(DistributionGroupRefresher.start(
                () -> reloader.running().groups(),
                new ExchangeDirectory(exchange.subscriber(), mailboxes),
                new MemberReconciler(
                        mailboxes, storage.mailboxWrites(), modules::expands, exchange.compensator()::raise),
                start.clock(),
                exchange.duty().isHere()));
        reloader.onFinished(members::onReload);
        start.stop().onStop(reloader::stop);
        start.add(ConfigFileWatcher.start(reloader, start.clock()));
        return reloader;
    }

    private DaemonModules.ModuleSet reloadable() {
        return new DaemonModules.ModuleSet(
                storage.store(),
                storage.mailboxWrites(),
                forwarder,
                exchange.listener(),
                exchange.tokens(),
                exchange.subscriber(),
                exchange.compensator(),
                storage.lookups(),
                exchange.clients(),
                admin.gate());
    }

    private ProblemReport report(
            ResourceWarnings resources, ConfigReloader reloader, CanaryMonitor canaries, Clock clock) {
        return new ProblemReport(
                storage.store(),
                exchange.subscriber(),
                forwarder,
                resources,
                reloader::status,
                canaries::readings,
                storage.cluster()::nodes,
                clock);
    }

    private MonitoredModules monitored(DaemonFacts facts, CanaryMonitor canaries) {
        return new MonitoredModules(
                storage.store(),
                exchange.listener(),
                forwarder,
                exchange.subscriber(),
                exchange.compensator(),
                storage.cluster()::nodes,
                canaries::readings,
                admin.meters(),
                facts);
    }

    private AdminRouteRegistrar routes(
            MetricScraper metrics,
            ActivityRecorder activity,
            BackupSettings backups,
            ConfigReloader reloader,
            DaemonClocks clocks) {
        return new AdminRouteRegistrar(
                storage.store(),
                exchange.listener(),
                forwarder,
                exchange.subscriber(),
                exchange.compensator(),
                metrics,
                admin.log(),
                activity,
                backups,
                storage.mailboxWrites(),
                storage.cluster()::nodes,
                () -> liveCheck(reloader.running(), clocks.system()));
    }

    private LiveCheck liveCheck(TidemarkConfig running, Clock clock) {
        return new LiveCheck(
                CheckPlan.of(running),
                group ->
                        MailboxSample.ofGroup(group, storage.store().mailboxes().all()),
                Optional.of(exchange.listener()),
                forwarder::test,
                clock);
    }
}

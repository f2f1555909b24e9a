package dev.tidemark.daemon;

import dev.tidemark.daemon.admin.AccessGate;
import dev.tidemark.daemon.admin.AdminRouter;
import dev.tidemark.daemon.admin.AdminServer;
import dev.tidemark.daemon.admin.AuditLog;
import dev.tidemark.daemon.admin.DaemonLifecycle;
import dev.tidemark.daemon.admin.HealthRoutes;
import dev.tidemark.daemon.admin.access.LoginThrottle;
import dev.tidemark.daemon.logging.RecentLog;
import dev.tidemark.daemon.metrics.MonitoredModules.DaemonMeters;

/// Admin server, and the parts that it needs before any module exists. Responds to health checks during the start;
/// [OperatingSide] adds the other routes.
record AdminSide(
        HealthRoutes health,
        DaemonMeters meters,
        AccessGate gate,
        AuditLog audit,
        AdminRouter router,
        RecentLog log,
        AdminServer server) {
    /// Opens the admin server.
    ///
    /// @throws dev.tidemark.daemon.admin.UnreachableException if the address is in use
    static AdminSide open(StartContext start, DaemonLifecycle lifecycle) {
        var config = start.config().admin();
        var health = new HealthRoutes(lifecycle);
        var tracer = start.add(TracerOpener.open(start.config(), start.clocks().system()));
        var meters = DaemonMeters.create(start.clock(), tracer);
        var throttle = new LoginThrottle(start.clock(), meters.logins());
        var gate = AccessGate.of(config.onLoopback(), config.tokens(), throttle);
        var audit = AuditLog.open(config.audit(), start.clock());
        var router = new AdminRouter(gate, audit);
        health.addTo(router);
        var log = start.add(RecentLog.start());
        var server = start.add(AdminServer.start(config, router));
        return new AdminSide(health, meters, gate, audit, router, log, server);
    }
}

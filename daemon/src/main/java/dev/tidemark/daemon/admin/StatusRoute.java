package dev.tidemark.daemon.admin;

import dev.tidemark.store.WatermarkStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.function.Supplier;

/// Serves `GET /api/v1/status`: a summary of the daemon.
record StatusRoute(
        WatermarkStore store,
        Supplier<StatusTotals> totals,
        RepairStatusView repairs,
        ProblemReport report,
        Instant startedAt,
        Clock clock)
        implements AdminRoute {
    @Override
    public AdminReply handle(AdminRequest request) {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("version", BuildVersion.current());
        tree.put("instance", store.instance().name());
        tree.put("startedAt", startedAt);
        tree.put("uptime", Duration.between(startedAt, clock.instant()).toSeconds());
        var problems = report.problems();
        tree.put("well", problems.isEmpty());
        tree.put("problems", problems.stream().map(OperatorProblem::tree).toList());
        tree.put("totals", totals.get().tree());
        tree.put("mailboxes", store.mailboxes().countsByState());
        tree.put("compensations", repairs.compensations());
        tree.put("resyncs", repairs.resyncs());
        tree.put("upkeep", repairs.upkeep());
        return AdminReply.of(tree);
    }
}

package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.DaemonLifecycle.Stage;
import dev.tidemark.daemon.admin.OperatorProblem.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Serves `/health/...` for service managers and load balancers. Thread-safe.
public final class HealthRoutes {
    private static final OperatorProblem NO_STORE = OperatorProblem.of(
            Kind.STORE, "", "not open", "The store is not open yet", "wait for the start, or read the log");

    private final DaemonLifecycle lifecycle;
    private volatile Supplier<List<OperatorProblem>> problems = () -> List.of(NO_STORE);

    public HealthRoutes(DaemonLifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /// Starts to report problems; all modules exist from now on.
    public void report(Supplier<List<OperatorProblem>> found) {
        problems = found;
    }

    public void addTo(AdminRouter router) {
        var contract = RouteContract.monitoring().limitable();
        router.get("/health/live", contract, request -> reply(Map.of("process", true), List.of()))
                .get(
                        "/health/started",
                        contract,
                        request -> reply(Map.of("started", lifecycle.stage() != Stage.STARTING), List.of()))
                .get("/health/ready", contract, this::ready);
    }

    /// Responds with 503 only if the store cannot accept callbacks. Lists other problems without failing, to a caller
    /// who may see all groups.
    private AdminReply ready(AdminRequest request) {
        var found = problems.get();
        var checks = new LinkedHashMap<String, Boolean>();
        checks.put("started", lifecycle.stage() != Stage.STARTING);
        checks.put("notStopping", lifecycle.stage() != Stage.STOPPING);
        checks.put("store", isWell(found, Kind.STORE.area()));
        return reply(checks, request.scope().isLimited() ? List.of() : found);
    }

    private static boolean isWell(List<OperatorProblem> found, String area) {
        return found.stream().noneMatch(problem -> problem.kind().area().equals(area));
    }

    private static AdminReply reply(Map<String, Boolean> checks, List<OperatorProblem> found) {
        var up = !checks.containsValue(false);
        var states = new LinkedHashMap<String, Object>();
        checks.forEach((name, good) -> states.put(name, good ? "up" : "down"));
        var reasons = found.stream()
                .collect(Collectors.groupingBy(
                        problem -> problem.kind().area(),
                        LinkedHashMap::new,
                        Collectors.mapping(OperatorProblem::sentence, Collectors.joining(" "))));
        reasons.keySet().forEach(area -> states.put(area, "down"));
        var tree = new LinkedHashMap<String, Object>();
        tree.put("status", up ? "up" : "down");
        tree.put("checks", states);
        tree.put("reasons", reasons);
        return AdminReply.json(up ? 200 : 503, tree);
    }
}

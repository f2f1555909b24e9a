package dev.tidemark.daemon;

import dev.tidemark.daemon.Phase.Stage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// `/health/...` for whoever restarts the daemon or sends it traffic.
final class HealthRoutes {
    private final Phase phase;
    private volatile BooleanSupplier storeAccepts = () -> false;

    HealthRoutes(Phase phase) {
        this.phase = phase;
    }

    /// From here on the store is there to be asked.
    void store(BooleanSupplier accepts) {
        storeAccepts = accepts;
    }

    void addTo(Router router) {
        router.get("/health/live", request -> reply(Map.of("process", true)))
                .get("/health/started", request -> reply(Map.of("started", phase.stage() != Stage.STARTING)))
                .get("/health/ready", request -> reply(ready()));
    }

    private Map<String, Boolean> ready() {
        var checks = new LinkedHashMap<String, Boolean>();
        checks.put("started", phase.stage() != Stage.STARTING);
        checks.put("notStopping", phase.stage() != Stage.STOPPING);
        checks.put("store", storeAccepts.getAsBoolean());
        return checks;
    }

    private static AdminReply reply(Map<String, Boolean> checks) {
        var up = !checks.containsValue(false);
        var shown = new LinkedHashMap<String, Object>();
        checks.forEach((name, good) -> shown.put(name, good ? "up" : "down"));
        return AdminReply.json(up ? 200 : 503, Map.of("status", up ? "up" : "down", "checks", shown));
    }
}

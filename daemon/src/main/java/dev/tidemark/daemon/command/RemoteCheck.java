package dev.tidemark.daemon.command;

import dev.tidemark.daemon.check.CheckStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Lets a running daemon do the check. Has no state.
final class RemoteCheck {
    private RemoteCheck() {}

    /// Blocks until the check has ended.
    @SuppressWarnings("unchecked") // keys of JSON objects are texts
    static List<CheckStep> run(AdminClient client, Duration wait) {
        var started = client.post("/api/v1/check", Map.of("wait", wait.toMillis() + "ms"));
        var operation = AdminCommand.awaitOperation(client, started);
        return operation.get("steps") instanceof List<?> steps
                ? steps.stream()
                        .map(step -> CheckStep.of((Map<String, Object>) step))
                        .toList()
                : List.of();
    }
}

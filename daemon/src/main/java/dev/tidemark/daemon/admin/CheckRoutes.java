package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.check.CheckStep;
import dev.tidemark.daemon.check.LiveCheck;
import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.daemon.config.QuantityFormat;
import dev.tidemark.store.transfer.CopyProgress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// Serves `POST /api/v1/check`: checks connections, callbacks and sinks beside all other work.
///
/// @param check returns the check of the current configuration
record CheckRoutes(Supplier<LiveCheck> check, OperationRegistry operations) {
    private static final Duration MAX_WAIT = Duration.ofMinutes(10);

    void addTo(AdminRouter router) {
        router.post("/api/v1/check", this::start);
    }

    private AdminReply start(AdminRequest request) {
        try {
            var wait = wait(request);
            return operations
                    .start("check", progress -> run(wait, progress))
                    .map(operation -> AdminReply.json(202, Map.of("operation", operation.id())))
                    .orElseGet(
                            () -> AdminReply.problem(409, "in-progress", "another check is in progress; wait for it"));
        } catch (BadValueException wrong) {
            return AdminReply.badParameter(wrong.sentence());
        }
    }

    /// Returns the limit of the wait for callbacks: the field `wait` of the body, if there is one.
    private static Duration wait(AdminRequest request) throws BadValueException {
        var text = Optional.ofNullable(request.fields(List.of("wait")).get("wait"));
        var wait = text.isPresent() ? QuantityFormat.duration(String.valueOf(text.get())) : LiveCheck.CALLBACK_WAIT;
        if (wait.compareTo(MAX_WAIT) > 0) {
            throw new BadValueException("wait is over 10m; write 1s to 10m");
        }
        return wait;
    }

    private Map<String, Object> run(Duration wait, CopyProgress progress) {
        var done = new AtomicLong();
        try {
            var steps = check.get().run(wait, step -> progress.copied(done.incrementAndGet()));
            return Map.of("steps", fields(steps));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the check was interrupted", stopping);
        }
    }

    private static List<Map<String, Object>> fields(List<CheckStep> steps) {
        return steps.stream().map(CheckStep::fields).toList();
    }
}

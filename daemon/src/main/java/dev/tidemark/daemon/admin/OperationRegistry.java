package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.AdminOperation.OperationResult;
import dev.tidemark.daemon.admin.access.AccessScope;
import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.transfer.CopyProgress;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs long work that requests start, and remembers the newest operations. Thread-safe.
final class OperationRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(OperationRegistry.class);
    private static final int REMEMBERED = 100;
    private static final int MAX_WAIT_SECONDS = 60;

    private final Clock clock;
    private final ThreadFactory threads;
    /// begins each id, so that an id from before a restart names no other operation
    private final String prefix;

    private final SequencedMap<String, AdminOperation> operations = new LinkedHashMap<>();
    private int started;

    OperationRegistry(Clock clock) {
        this(clock, Thread.ofPlatform().daemon().factory());
    }

    OperationRegistry(Clock clock, ThreadFactory threads) {
        this.clock = clock;
        this.threads = threads;
        this.prefix = "op_" + Long.toString(clock.millis(), Character.MAX_RADIX) + "_";
    }

    void addTo(AdminRouter router) {
        router.get("/api/v1/operations/{operation}", RouteContract.read("wait").limitable(), this::show);
    }

    /// Work of an operation.
    @FunctionalInterface
    interface OperationWork {
        /// Runs the work on a dedicated thread.
        ///
        /// @param progress receives the number of rows done so far
        /// @return fields of the result
        Map<String, Object> run(CopyProgress progress);
    }

    /// Starts `work`, unless work of the same kind is in progress.
    ///
    /// @return the operation; empty if the same kind is in progress
    Optional<AdminOperation> start(String kind, OperationWork work) {
        return start(kind, AccessScope.ALL, Optional.empty(), operation -> work.run(operation::advance));
    }

    /// Starts `work` for each item, one after the other, and counts those that succeeded and those that did not.
    ///
    /// @param scope groups of the caller
    /// @return the operation; empty if the same kind is in progress
    <T> Optional<AdminOperation> startForEach(String kind, AccessScope scope, List<T> items, Predicate<T> work) {
        return start(kind, scope, Optional.of((long) items.size()), operation -> {
            for (var item : items) {
                operation.count(succeeds(operation, item, work));
            }
            return Map.of();
        });
    }

    /// A failure of the store concerns this item; the next one may succeed.
    private static <T> boolean succeeds(AdminOperation operation, T item, Predicate<T> work) {
        try {
            return work.test(item);
        } catch (StoreException e) {
            LOG.debug("Operation {} failed for {}", operation.id(), item, e);
            return false;
        }
    }

    private synchronized Optional<AdminOperation> start(
            String kind, AccessScope scope, Optional<Long> total, Function<AdminOperation, Map<String, Object>> work) {
        var isBusy =
                operations.values().stream().anyMatch(operation -> operation.isOf(kind) && !operation.isFinished());
        if (isBusy) {
            return Optional.empty();
        }
        var operation = new AdminOperation(prefix + ++started, kind, clock.instant(), scope, total);
        startThread("operation-" + kind, () -> run(operation, work));
        // not before: an operation without a thread would never end, and refuse all others of its kind
        operations.put(operation.id(), operation);
        if (operations.size() > REMEMBERED) {
            operations.pollFirstEntry();
        }
        return Optional.of(operation);
    }

    /// @throws OutOfMemoryError if the system has no thread left
    private void startThread(String name, Runnable work) {
        var thread = threads.newThread(work);
        thread.setName(name);
        thread.start();
    }

    private void run(AdminOperation operation, Function<AdminOperation, Map<String, Object>> work) {
        var result = result(operation, work);
        result.error().ifPresent(error -> LOG.warn("Operation {} failed: {}", operation.id(), error));
        operation.finish(result);
    }

    private OperationResult result(AdminOperation operation, Function<AdminOperation, Map<String, Object>> work) {
        try {
            var fields = work.apply(operation);
            return new OperationResult(clock.instant(), fields, Optional.empty());
        } catch (StoreException e) {
            return new OperationResult(clock.instant(), Map.of(), Optional.ofNullable(e.getMessage()));
        } catch (RuntimeException | Error e) {
            LOG.error("Operation {} failed unexpectedly", operation.id(), e);
            return new OperationResult(clock.instant(), Map.of(), Optional.of("Unexpected error: " + e));
        }
    }

    private synchronized Optional<AdminOperation> find(String id) {
        return Optional.ofNullable(operations.get(id));
    }

    private AdminReply show(AdminRequest request) {
        var id = request.variable("operation");
        var found = find(id).filter(operation -> operation.isVisibleTo(request.scope()));
        if (found.isEmpty()) {
            return AdminReply.notFound(
                    "no operation is called '" + id + "' here; the newest " + REMEMBERED + " since the start are kept");
        }
        try {
            var wait = QueryParameterParser.number(request, "wait", 0, MAX_WAIT_SECONDS);
            found.get().await(wait.orElse(0));
        } catch (BadValueException wrong) {
            return AdminReply.badParameter(wrong.sentence());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return AdminReply.of(found.get().fields());
    }
}

package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.access.AccessScope;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// Long work that a request has started. One thread does the work, any thread reads its progress. Thread-safe.
final class AdminOperation {
    private final String id;
    private final String kind;
    private final Instant startedAt;
    private final AccessScope scope;
    private final CompletableFuture<OperationResult> end = new CompletableFuture<>();
    private final Optional<Long> expected;
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /// End of the work.
    ///
    /// @param fields fields of the result
    /// @param error sentence for the operator if the work failed
    record OperationResult(Instant finishedAt, Map<String, Object> fields, Optional<String> error) {}

    /// @param scope groups of the caller who started the work
    /// @param expected number of items, if it is known in advance
    AdminOperation(String id, String kind, Instant startedAt, AccessScope scope, Optional<Long> expected) {
        this.id = id;
        this.kind = kind;
        this.startedAt = startedAt;
        this.scope = scope;
        this.expected = expected;
    }

    String id() {
        return id;
    }

    void advance(long newDone) {
        done.set(newDone);
    }

    /// Counts an item.
    void count(boolean succeeded) {
        if (!succeeded) {
            failed.incrementAndGet();
        }
        done.incrementAndGet();
    }

    void finish(OperationResult result) {
        end.complete(result);
    }

    boolean isOf(String wanted) {
        return kind.equals(wanted);
    }

    /// Returns true to callers without limits, and to callers with the groups of the one who started the work.
    boolean isVisibleTo(AccessScope caller) {
        return !caller.isLimited() || caller.equals(scope);
    }

    boolean isFinished() {
        return end.isDone();
    }

    /// Waits until the work ends, at most this long.
    void await(long seconds) throws InterruptedException {
        try {
            end.get(seconds, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Returns the fields of the JSON object that describes the operation.
    Map<String, Object> fields() {
        var tree = new LinkedHashMap<String, Object>();
        var result = Optional.ofNullable(end.getNow(null));
        tree.put("id", id);
        tree.put("kind", kind);
        tree.put("startedAt", startedAt);
        tree.put("done", done.get());
        tree.put("total", expected.or(() -> result.map(ignored -> done.get())));
        tree.put(
                "failed",
                failed.get()
                        + result.flatMap(OperationResult::error)
                                .map(ignored -> 1)
                                .orElse(0));
        tree.put("finishedAt", result.map(OperationResult::finishedAt));
        result.ifPresent(it -> {
            tree.putAll(it.fields());
            tree.put("error", it.error());
        });
        return tree;
    }
}

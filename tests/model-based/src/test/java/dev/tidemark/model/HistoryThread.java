package dev.tidemark.model;

import dev.tidemark.store.UninterruptibleStoreThread;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Runs histories on one thread. The thread accesses the store's file itself, as the callback threads do. A
/// history calls the store thousands of times, and thread switches would take most of its time.
final class HistoryThread<T> {
    private final FutureTask<T> task;

    private HistoryThread(FutureTask<T> task) {
        this.task = task;
    }

    static <T> HistoryThread<T> start(Callable<T> work) {
        var task = new FutureTask<>(work);
        new UninterruptibleStoreThread("history", task).start();
        return new HistoryThread<>(task);
    }

    /// Waits for its end.
    ///
    /// @throws AssertionError of any failure in it
    T result() throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new AssertionError("A history broke off.", e.getCause());
        }
    }
}

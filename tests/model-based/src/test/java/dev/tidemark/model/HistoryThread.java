package dev.tidemark.model;

import dev.tidemark.store.UninterruptibleStoreThread;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A thread that lives through histories. It touches the store's file itself, as the threads do that take
/// call-backs: a history calls the store thousands of times, and most of its time would go into changing
/// threads.
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
    /// @throws AssertionError of anything that went wrong in it
    T result() throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new AssertionError("A history broke off.", e.getCause());
        }
    }
}

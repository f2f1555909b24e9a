package dev.tidemark.store.sql;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.UninterruptibleStoreThread;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Threads that access the database or its files. Code outside cannot interrupt them: Java closes a file whose thread
/// is
/// interrupted while it reads or writes, and with it the whole database. Platform threads, because file access
/// would hold the carriers of virtual ones. Thread-safe.
public final class StoreThreadPools implements AutoCloseable {
    private static final int READERS = 4;

    private final ExecutorService writer = Executors.newSingleThreadExecutor(named("store-writer-"));
    private final ExecutorService readers;

    private final ExecutorService housekeeper = Executors.newSingleThreadExecutor(named("store-housekeeper-"));
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean closed;

    public StoreThreadPools() {
        this(READERS);
    }

    /// @param readers number of threads that read
    public StoreThreadPools(int readers) {
        this.readers = Executors.newFixedThreadPool(readers, named("store-reader-"));
    }

    /// Runs `work` beside writes and reads, one task at a time, and waits for it.
    public <T> T tidy(Supplier<T> work) {
        return run(housekeeper, work);
    }

    /// Runs `work` exclusively among the writes, and waits for it, interrupted or not. An
    /// [UninterruptibleStoreThread] runs it itself.
    public <T> T write(Supplier<T> work) {
        return isStoreThread() ? withWriteLock(work) : run(writer, () -> withWriteLock(work));
    }

    public <T> T read(Supplier<T> work) {
        return isStoreThread() ? work.get() : run(readers, work);
    }

    private boolean isStoreThread() {
        return Thread.currentThread() instanceof UninterruptibleStoreThread && !closed;
    }

    private <T> T withWriteLock(Supplier<T> work) {
        writing.lock();
        try {
            return work.get();
        } finally {
            writing.unlock();
        }
    }

    private static <T> T run(ExecutorService threads, Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, threads).join();
        } catch (RejectedExecutionException e) {
            throw new StoreException("The store is closed; it accepts no more reads or writes.", e);
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    private static ThreadFactory named(String prefix) {
        var next = new AtomicInteger();
        return work -> Thread.ofPlatform()
                .daemon()
                .name(prefix + next.incrementAndGet())
                .unstarted(work);
    }

    /// Finishes running tasks.
    @Override
    public void close() {
        closed = true;
        housekeeper.close();
        readers.close();
        writer.close();
    }
}

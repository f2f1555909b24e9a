package dev.tidemark.store;

/// Thread that accesses the database's file itself instead of handing the work to a store thread. It cannot be
/// interrupted: Java closes a file, and with it the database, if its thread is interrupted during a read or write.
/// A frequent caller saves two thread switches per call by running on such a thread.
public final class UninterruptibleStoreThread extends Thread {
    /// Creates a platform thread, because file access would pin the carriers of virtual threads.
    public UninterruptibleStoreThread(String name, Runnable work) {
        super(work, name);
        setDaemon(true);
    }

    @Override
    public void interrupt() {}
}

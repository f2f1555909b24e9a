package dev.tidemark.store;

/// A thread that touches the database's file itself instead of handing its work to one that may. It cannot be
/// interrupted: Java closes a file whose thread is interrupted while it reads or writes, and with it the whole
/// database. Whoever calls the store often and waits for it saves two changes of thread a call by being one.
public final class UninterruptibleStoreThread extends Thread {
    /// A platform thread, because file access would hold the carriers of virtual ones.
    public UninterruptibleStoreThread(String name, Runnable work) {
        super(work, name);
        setDaemon(true);
    }

    /// Does nothing.
    @Override
    public void interrupt() {}
}

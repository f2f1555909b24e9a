package dev.tidemark.store.transfer;

import dev.tidemark.store.change.Change;

/// Empty store that a copy fills. It counts as a store only once [#complete] has returned. Used by one thread.
public interface StoreTarget extends AutoCloseable {
    /// Adds a change.
    ///
    /// @throws dev.tidemark.store.StoreException if the storage fails
    void write(Change change);

    /// Makes the copy durable, and then visible.
    ///
    /// @param newestPosition position after which the store assigns the next one; at least that of the newest event
    void complete(long newestPosition);

    /// Removes what was written unless the copy is complete, and releases the store.
    @Override
    void close();
}

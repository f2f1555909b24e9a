package dev.tidemark.store.transfer;

import dev.tidemark.store.change.Change;
import java.util.function.Consumer;

/// Complete state of a store at one instant. Used by one thread.
public interface StoreSource extends AutoCloseable {
    /// Passes changes to `sink` that leave an empty store in this state: in the order of the journal for its rows,
    /// and in the order in which they replace each other for all others.
    ///
    /// @return position of the newest event
    /// @throws dev.tidemark.store.StoreException if the store is damaged, or its storage fails
    long read(Consumer<Change> sink);

    @Override
    void close();
}

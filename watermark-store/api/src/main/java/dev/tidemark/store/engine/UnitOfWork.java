package dev.tidemark.store.engine;

import dev.tidemark.store.change.Change;
import java.time.Instant;
import java.util.List;

/// The one way to change what an engine keeps. Used by one thread at a time.
public interface UnitOfWork {
    /// Commits all changes or none. On return they are on stable storage, and every query sees them.
    ///
    /// @param at time at which the events among them are recorded
    /// @throws dev.tidemark.store.StoreException if the disk fails; then none of them counts until [#repair]
    ///     succeeds and they are committed again
    void commit(List<Change> changes, Instant at);

    /// Returns whether commits fail until [#repair] succeeds.
    boolean hasFailed();

    /// Makes commits possible again after one failed.
    ///
    /// @throws dev.tidemark.store.StoreException if the disk still fails
    void repair();
}

package dev.tidemark.store.engine;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.lease.LeaseStore.Lease;
import java.time.Instant;
import java.util.List;

/// The one way to change what an engine keeps. Used by one thread at a time.
public interface UnitOfWork {
    /// Commits all changes or none. On return they are on stable storage, and every query sees them.
    ///
    /// @param at time at which the events among them are recorded
    /// @throws dev.tidemark.store.StoreException if the storage fails; then none of them counts unless [#repair]
    ///     returns true
    void commit(List<Change> changes, Instant at);

    /// Commits as [#commit] does, under a lease that must be the newest one of its resource. An engine of a
    /// single process has no leases.
    ///
    /// @throws dev.tidemark.store.lease.LeaseStore.LeaseLostException if another node has taken it; then nothing
    ///     is changed, and later commits are possible
    default void commitUnder(Lease lease, List<Change> changes, Instant at) {
        commit(changes, at);
    }

    /// Returns whether commits fail until [#repair] succeeds.
    boolean hasFailed();

    /// Makes commits possible again after one failed, whose result an engine may only learn now.
    ///
    /// @return true if the changes of that commit are stored after all, so that they count
    /// @throws dev.tidemark.store.StoreException if the disk still fails
    boolean repair();
}

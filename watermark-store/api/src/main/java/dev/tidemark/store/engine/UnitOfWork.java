package dev.tidemark.store.engine;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.lease.LeaseStore.Lease;
import java.time.Instant;
import java.util.List;

/// The one way to change what an engine keeps. Used by one thread at a time.
///
/// Several nodes can share one store. Rules then decide on the state that includes the commits of all nodes, so
/// [#begin] excludes those of other nodes until [#commit] or [#cancel].
public interface UnitOfWork {
    /// Returns whether other nodes may commit to the same store.
    default boolean isShared() {
        return false;
    }

    /// Begins a commit: excludes other nodes, and passes their commits that this node lacks to `sink`.
    ///
    /// @return false if too many are missing. Then nothing has begun, and the caller must read [StoreEngine#state]
    /// again before it calls this method again
    /// @throws dev.tidemark.store.StoreException if the storage fails; then nothing has begun
    default boolean begin(ForeignCommitSink sink) {
        return true;
    }

    /// Ends what [#begin] began, without a commit. Does not throw.
    default void cancel() {}

    /// Passes the commits of other nodes that this node lacks to `sink`.
    ///
    /// @return false if too many are missing, as [#begin] does
    default boolean poll(ForeignCommitSink sink) {
        return true;
    }

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

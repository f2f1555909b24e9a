package dev.tidemark.store.engine;

import dev.tidemark.store.change.Change;
import java.util.List;

/// Receives the commits of other nodes in order, each once. Called by a [UnitOfWork] under the rules' write lock.
@FunctionalInterface
public interface ForeignCommitSink {
    /// Applies the changes of one commit. Applying them again leaves the same state.
    ///
    /// @param changes those of rows that are in memory; queries return all others already
    /// @param newestPosition position of the newest event after the commit
    void apply(List<Change> changes, long newestPosition);
}

package dev.tidemark.store.engine;

import dev.tidemark.store.change.Change;
import java.util.List;

/// Receives the commits of other nodes in order, each once. Called by a [UnitOfWork] under the rules' write lock.
@FunctionalInterface
public interface ForeignCommitSink {
    /// Applies the changes of state of one commit. Applying them again leaves the same state.
    ///
    /// @param changes without the rows of the journal, which queries return already
    /// @param newestPosition position of the newest event after the commit
    void apply(List<Change> changes, long newestPosition);
}

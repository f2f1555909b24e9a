package dev.tidemark.store.engine;

import dev.tidemark.store.model.SinkReplay;
import java.util.List;
import java.util.Optional;

/// Reads replays in progress.
public interface ReplayQueries {
    /// Returns all replays, in the order in which they began.
    List<SinkReplay> all();

    Optional<SinkReplay> find(String id);
}

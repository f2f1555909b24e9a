package dev.tidemark.watermark.engine;

import dev.tidemark.watermark.Replay;
import java.util.List;
import java.util.Optional;

/// Reads replays in progress.
public interface ReplayQueries {
    /// Returns all replays, in the order in which they began.
    List<Replay> all();

    Optional<Replay> find(String id);
}

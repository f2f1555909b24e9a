package dev.tidemark.watermark.engine;

import dev.tidemark.watermark.Detail;
import dev.tidemark.watermark.Position;
import dev.tidemark.watermark.change.Change;
import java.util.List;
import java.util.Optional;

/// Reads details of events, and the spans of positions that have some.
public interface DetailQueries {
    List<Change.DetailSpanSaved> spans();

    Optional<Detail> find(Position position);

    boolean exists(Position position);
}

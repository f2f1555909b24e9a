package dev.tidemark.watermark.engine;

import dev.tidemark.watermark.ItemDetail;
import dev.tidemark.watermark.JournalPosition;
import dev.tidemark.watermark.change.Change;
import java.util.List;
import java.util.Optional;

/// Reads details of events, and the spans of positions that have some.
public interface DetailQueries {
    List<Change.DetailSpanSaved> spans();

    Optional<ItemDetail> find(JournalPosition position);

    boolean exists(JournalPosition position);
}

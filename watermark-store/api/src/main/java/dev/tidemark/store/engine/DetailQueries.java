package dev.tidemark.store.engine;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalPosition;
import java.util.List;
import java.util.Optional;

/// Reads details of events, and the spans of positions that have some.
public interface DetailQueries {
    List<Change.DetailSpanSaved> spans();

    Optional<ItemDetail> find(JournalPosition position);

    boolean exists(JournalPosition position);

    /// Returns the position of the detail that follows the `count` oldest ones.
    Optional<JournalPosition> after(int count);
}

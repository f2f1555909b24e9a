package dev.tidemark.ews.message;

import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import java.time.Instant;
import java.util.Optional;

/// What a synchronisation asks of each item. All but the id may be absent: not every item has been received.
public record ItemSummary(
        ItemId id,
        Optional<FolderId> parentFolder,
        Optional<Instant> received,
        Optional<Instant> created,
        Optional<Instant> lastModified,
        Optional<String> itemClass,
        boolean draft) {}

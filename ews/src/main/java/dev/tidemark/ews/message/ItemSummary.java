package dev.tidemark.ews.message;

import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import java.time.Instant;
import java.util.Optional;

/// Properties of an item in a sync page. All except the id may be absent: an item need not have been received.
public record ItemSummary(
        ItemId id,
        Optional<FolderId> parentFolder,
        Optional<Instant> received,
        Optional<Instant> created,
        Optional<Instant> lastModified,
        Optional<String> itemClass,
        boolean draft) {}

package dev.tidemark.ews.message;

import java.util.List;
import java.util.OptionalInt;

/// Page of FindFolder. `total` counts all folders, not those of this page. `nextOffset` is the start of the
/// next page, absent on the last one.
public record FolderListing(List<FolderSummary> folders, OptionalInt total, OptionalInt nextOffset) {
    public FolderListing {
        folders = List.copyOf(folders);
    }
}

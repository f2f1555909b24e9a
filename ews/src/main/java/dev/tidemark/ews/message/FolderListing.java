package dev.tidemark.ews.message;

import java.util.List;
import java.util.OptionalInt;

/// A page of FindFolder. `total` counts what is there, not what this page holds; `nextOffset` is where the
/// next page begins and is absent on the last one.
public record FolderListing(List<FolderSummary> folders, OptionalInt total, OptionalInt nextOffset) {
    public FolderListing {
        folders = List.copyOf(folders);
    }
}

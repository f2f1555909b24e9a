package dev.tidemark.ews.message;

import dev.tidemark.values.FolderId;
import java.util.Optional;
import java.util.OptionalInt;

/// Properties of a folder in a listing. `folderClass` is for example `IPF.Note`; a search folder has none.
public record FolderSummary(
        FolderId id,
        Optional<FolderId> parent,
        Optional<String> displayName,
        Optional<String> folderClass,
        OptionalInt totalCount,
        OptionalInt childCount) {}

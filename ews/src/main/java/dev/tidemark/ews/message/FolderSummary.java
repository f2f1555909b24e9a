package dev.tidemark.ews.message;

import dev.tidemark.values.FolderId;
import java.util.Optional;
import java.util.OptionalInt;

/// What a listing tells of a folder. `folderClass` is for example `IPF.Note`; a folder for searches has none.
public record FolderSummary(
        FolderId id,
        Optional<FolderId> parent,
        Optional<String> displayName,
        Optional<String> folderClass,
        OptionalInt totalCount,
        OptionalInt childCount) {}

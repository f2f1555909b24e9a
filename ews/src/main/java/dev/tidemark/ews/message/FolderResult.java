package dev.tidemark.ews.message;

import dev.tidemark.values.FolderId;
import dev.tidemark.values.ResponseCode;
import java.util.OptionalInt;

/// Result for one folder of a GetFolder.
public sealed interface FolderResult {
    record Found(FolderId id, String displayName, OptionalInt totalCount) implements FolderResult {}

    record Refused(ResponseCode code, String text) implements FolderResult {}
}

package dev.tidemark.values;

import java.util.Optional;

/// Id of a folder.
public record FolderId(String id, Optional<String> changeKey) implements ObjectId {
    public FolderId {
        TextValidator.requireToken(id, "folder id");
    }

    public static FolderId of(String id) {
        return new FolderId(id, Optional.empty());
    }
}

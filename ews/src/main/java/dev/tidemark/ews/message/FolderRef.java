package dev.tidemark.ews.message;

import dev.tidemark.values.FolderId;
import dev.tidemark.values.TextValidator;

/// How a request names a folder.
public sealed interface FolderRef {
    /// A folder every mailbox has, by its EWS name, e.g. `inbox` (XSD, DistinguishedFolderIdNameType).
    record Distinguished(String name) implements FolderRef {
        public Distinguished {
            TextValidator.requireToken(name, "distinguished folder name");
        }
    }

    /// A folder by its id.
    record ById(FolderId id) implements FolderRef {}
}

package dev.tidemark.ews.message;

import dev.tidemark.values.FolderId;
import dev.tidemark.values.TextValidator;

/// Name of a folder in a request.
public sealed interface FolderRef {
    /// Names a folder of every mailbox by its EWS name, e.g. `inbox` (XSD, DistinguishedFolderIdNameType).
    record Distinguished(String name) implements FolderRef {
        public Distinguished {
            TextValidator.requireToken(name, "distinguished folder name");
        }
    }

    /// Names a folder by its id.
    record ById(FolderId id) implements FolderRef {}
}

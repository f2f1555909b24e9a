package dev.tidemark.simulator;

import dev.tidemark.ews.FolderId;

/// A folder by its distinguished name (XSD, DistinguishedFolderIdNameType) and its id.
record Folder(String name, FolderId id, String displayName) {}

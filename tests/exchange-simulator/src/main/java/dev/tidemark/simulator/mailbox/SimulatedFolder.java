package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.FolderId;

/// Folder with its id and its distinguished name (XSD, DistinguishedFolderIdNameType), which is empty for a
/// user's folder. [FolderTree] holds its display name and place, which may change.
public record SimulatedFolder(String name, FolderId id) {}

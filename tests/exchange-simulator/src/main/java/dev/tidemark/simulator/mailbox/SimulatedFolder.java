package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.FolderId;

/// A folder: its distinguished name (XSD, DistinguishedFolderIdNameType), which is empty for one that somebody
/// made, and its id. What it is called and where it lies may change, and stands in [FolderTree].
public record SimulatedFolder(String name, FolderId id) {}

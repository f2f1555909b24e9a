package dev.tidemark.simulator;

import dev.tidemark.values.FolderId;

/// A folder: its distinguished name (XSD, DistinguishedFolderIdNameType), which is empty for one that somebody
/// made, and its id. What it is called and where it lies may change, and stands in [FolderTree].
record SimulatedFolder(String name, FolderId id) {}

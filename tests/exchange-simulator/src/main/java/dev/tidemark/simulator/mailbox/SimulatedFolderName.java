package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.FolderId;

/// Name of a folder of a mailbox.
public sealed interface SimulatedFolderName {
    /// Names a folder of every mailbox by its EWS name, e.g. `inbox` (XSD, DistinguishedFolderIdNameType).
    record Distinguished(String name) implements SimulatedFolderName {}

    /// Names a folder by its id.
    record ById(FolderId id) implements SimulatedFolderName {}
}

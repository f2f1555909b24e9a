package dev.tidemark.simulator.mailbox;

import java.util.Optional;

/// Current place of a folder. Stamps are positions in the database's history: its creation, and its last rename or
/// move.
public record FolderPlace(
        SimulatedFolder folder,
        Optional<SimulatedFolder> parent,
        String displayName,
        String folderClass,
        long made,
        long changed) {}

package dev.tidemark.store.embedded;

import java.io.IOException;
import java.nio.file.Path;

/// Time between the records that a copy writes.
interface CopyPace {
    /// Copies as fast as possible, while no daemon works.
    CopyPace FULL_SPEED = directory -> {};

    /// Returns when the next record may be written to `directory`.
    ///
    /// @throws dev.tidemark.store.StoreException if the copy must end
    /// @throws IOException if the disk fails
    void awaitTurn(Path directory) throws IOException;
}

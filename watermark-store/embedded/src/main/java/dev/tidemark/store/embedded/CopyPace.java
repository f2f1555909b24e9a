package dev.tidemark.store.embedded;

import java.io.IOException;
import java.nio.file.Path;

/// Size of the portions that a copy writes, and the time between them.
interface CopyPace {
    /// Copies as fast as possible, while no daemon works.
    CopyPace FULL_SPEED = new CopyPace() {
        @Override
        public int portionBytes() {
            return 1 << 20;
        }

        @Override
        public void awaitTurn(Path directory) {
            // no other work waits
        }
    };

    /// Returns the size of a portion, which the disk forces at once.
    int portionBytes();

    /// Returns when the next portion may be written to `directory`.
    ///
    /// @throws dev.tidemark.store.StoreException if the copy must end
    /// @throws IOException if the disk fails
    void awaitTurn(Path directory) throws IOException;
}

package dev.tidemark.watermark;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Takes call-backs in. This is the hot path.
public interface Intake {
    /// Judges each call-back in order, by the chain rule, and stores what is new. When it returns, everything
    /// it reports as stored is on stable storage, by one force for the whole batch; heartbeats alone, but for
    /// the first of an attempt, force nothing and reach the disk within five seconds. Receipts are in the
    /// order of the batch. Safe for use by many threads, but faster from one with large batches.
    ///
    /// @throws StoreException if the store cannot write; then nothing of the batch counts as stored
    List<Receipt> record(List<Callback> batch);

    /// Whether the store can take more: false below `min-free` and while writes fail.
    boolean accepting();

    /// Returns what keeps the store from taking more, with the remedy; empty while it can.
    default Optional<String> obstacle() {
        return accepting()
                ? Optional.empty()
                : Optional.of("The store cannot write; its log says why, and callbacks get 503 until it can.");
    }

    /// Returns the bytes left on the store's disk; empty where they cannot be read.
    default OptionalLong freeBytes() {
        return OptionalLong.empty();
    }
}

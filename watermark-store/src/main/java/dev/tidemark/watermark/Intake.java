package dev.tidemark.watermark;

import java.util.List;

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
}

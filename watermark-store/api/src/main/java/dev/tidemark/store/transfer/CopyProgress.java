package dev.tidemark.store.transfer;

/// Receives the progress of a copy, on the thread that copies.
@FunctionalInterface
public interface CopyProgress {
    /// Reports the number of rows copied so far.
    void copied(long rows);
}

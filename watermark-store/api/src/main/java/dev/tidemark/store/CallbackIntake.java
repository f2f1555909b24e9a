package dev.tidemark.store;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.VerifiedCallback;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Takes call-backs in. This is the hot path.
public interface CallbackIntake {
    /// Judges each call-back in order, by the chain rule, and stores what is new. When it returns, everything
    /// it reports as stored is on stable storage, by one force for the whole batch; heartbeats alone, but for
    /// the first of an attempt, force nothing and reach the disk within five seconds. Receipts are in the
    /// order of the batch. Safe for use by many threads, but faster from one with large batches.
    ///
    /// @throws StoreException if the store cannot write; then nothing of the batch counts as stored
    List<IntakeOutcome> record(List<VerifiedCallback> batch);

    /// Counts a callback that cannot be read. Exchange repeats it, and drops the subscription in the end. From the
    /// third in a row on, the live subscription counts as lost: the state is silent, and the last error holds the
    /// cause. A compensation with a resync is scheduled, which fetches what the callbacks would have reported.
    ///
    /// @param sentence cause, as sent in the response
    /// @return true if a compensation was scheduled for it
    /// @throws StoreException if the store cannot write; then the callback does not count
    boolean refused(AttemptId attempt, String sentence);

    /// Whether the store can take more: false below `min-free` and while writes fail.
    boolean accepting();

    /// Returns the reason why the store takes no callbacks, with the remedy; empty while it takes them.
    default Optional<String> obstacle() {
        return accepting()
                ? Optional.empty()
                : Optional.of("The store cannot write; check the log for the cause. Callbacks get 503 until it can.");
    }

    /// Returns the bytes left on the store's disk; empty if they cannot be read.
    default OptionalLong freeBytes() {
        return OptionalLong.empty();
    }
}

package dev.tidemark.store;

import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.VerifiedCallback;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Port of the hot path: processes callbacks and stores their events. Called by the listener's committer.
/// Thread-safe, but fastest from one thread with large batches.
public interface CallbackIntake {
    /// Evaluates each callback in order by the chain rule and stores the new events. Returns after one force for
    /// the whole batch, so everything reported as stored is on stable storage. A batch of heartbeats forces
    /// nothing, unless it holds the first callback of an attempt. Heartbeats reach the disk within five seconds.
    ///
    /// @return outcomes in the order of the batch
    /// @throws StoreException if the store cannot write; then no callback of the batch counts as stored
    List<IntakeOutcome> record(List<VerifiedCallback> batch);

    /// Counts an unreadable callback. Exchange repeats it and finally drops the subscription. From the third
    /// consecutive one on, the live subscription counts as lost: the mailbox is silent, and its last error holds
    /// the cause. The method then schedules a compensation with a resync, which fetches the events of the refused
    /// callbacks.
    ///
    /// @param sentence cause, as sent in the response
    /// @return true if the method scheduled a compensation
    /// @throws StoreException if the store cannot write; then the callback does not count
    boolean recordRefusal(AttemptId attempt, String sentence);

    /// Returns whether the store accepts writes: false below `min-free` and while writes fail.
    boolean accepting();

    /// Returns the reason why the store accepts no callbacks, with the remedy; empty while it accepts them.
    default Optional<String> obstacle() {
        return accepting()
                ? Optional.empty()
                : Optional.of("The store cannot write; check the log for the cause. Callbacks get 503 until it can.");
    }

    /// Returns whether only a restart lets the store accept callbacks again.
    default boolean needsRestart() {
        return false;
    }

    /// Returns the bytes left on the store's disk; empty if they cannot be read.
    default OptionalLong freeBytes() {
        return OptionalLong.empty();
    }
}

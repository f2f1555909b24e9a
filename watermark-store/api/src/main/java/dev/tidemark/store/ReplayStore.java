package dev.tidemark.store;

import dev.tidemark.store.lease.LeaseStore.Lease;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import java.util.List;
import java.util.Optional;

/// Stores replays of sinks and their progress. Durable on return, so a restart resumes them. Thread-safe; each
/// sink is used by one thread at a time.
public interface ReplayStore {
    /// Returns a view whose changes are refused once another node has taken `lease`, in the same transaction. A
    /// store of a single process has no leases.
    default ReplayStore under(Lease lease) {
        return this;
    }

    void begin(SinkReplay replay);

    /// Returns the unfinished replays of a sink, oldest first.
    List<SinkReplay> running(SinkName sink);

    /// Returns the unfinished replays of all sinks, oldest first.
    List<SinkReplay> running();

    /// Records that the replay is done up to `after`, with `done` events in all. Ignores a replay that has ended.
    void advance(String id, JournalPosition after, long done);

    /// Ends the replay; returns whether it existed.
    boolean end(String id);

    /// Marks the dead letters of one sink or all for another delivery; returns their number.
    int recallAll(Optional<SinkName> sink);

    /// Marks a dead letter for another delivery; returns its sink, if the letter exists.
    Optional<SinkName> recall(String deadLetter);

    /// Returns dead letters marked for another delivery, oldest first, at most `limit`.
    List<DeadLetter> recalled(SinkName sink, int limit);

    /// Stores a recalled letter that failed again and clears its mark. Ignores a letter that was dropped
    /// meanwhile.
    void saveFailedRecall(DeadLetter letter);
}

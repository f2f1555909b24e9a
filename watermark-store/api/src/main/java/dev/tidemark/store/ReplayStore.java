package dev.tidemark.store;

import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.SinkName;
import dev.tidemark.store.model.SinkReplay;
import java.util.List;
import java.util.Optional;

/// What is to be sent once more, and how far that is. Safe for use by many threads, one per sink. Durable on
/// return, so that a restart goes on with it.
public interface ReplayStore {
    void begin(SinkReplay replay);

    /// Those of a sink that are not at their end, the one begun first first.
    List<SinkReplay> running(SinkName sink);

    /// Those of all sinks, the one begun first first.
    List<SinkReplay> running();

    /// What lies up to `after` is done with, `done` events in all. One that has ended meanwhile stays so.
    void advance(String id, JournalPosition after, long done);

    /// Ends it; returns whether there was such a one.
    boolean end(String id);

    /// Dead letters of one sink or all are to be sent once more; returns how many.
    int recallAll(Optional<SinkName> sink);

    /// One dead letter is to be sent once more; returns its sink, if there is such a letter.
    Optional<SinkName> recall(String deadLetter);

    /// Dead letters that are to be sent once more, the oldest first, at most `limit`.
    List<DeadLetter> recalled(SinkName sink, int limit);

    /// A recalled letter was refused again: it is kept as it is now and no longer recalled. One that was dropped
    /// meanwhile stays so.
    void refused(DeadLetter letter);
}

package dev.tidemark.store.engine;

import dev.tidemark.store.change.Change;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads dead letters.
public interface DeadLetterQueries {
    Optional<DeadLetter> find(String id);

    boolean exists(String id);

    /// Returns at most `limit` letters of one sink or all, newest first, behind `after`.
    List<DeadLetter> newest(Optional<SinkName> sink, Optional<DeadLetter.PageKey> after, int limit);

    /// Returns at most `limit` letters of one sink or all that are not recalled, ordered by id, behind `after`.
    List<DeadLetter> unrecalled(Optional<SinkName> sink, String after, int limit);

    /// Returns at most `limit` recalled letters, oldest first.
    List<DeadLetter> recalled(SinkName sink, int limit);

    long count();

    /// Returns the number of letters of one sink or all.
    int count(Optional<SinkName> sink);

    /// Returns the number of letters by sink, without sinks that have none.
    Map<SinkName, Long> countsBySink();

    int countBefore(Instant before);

    /// Returns the ids of at most `limit` letters that were dead-lettered before `time`.
    List<String> deadLetteredBefore(Instant time, int limit);

    /// Returns at most `limit` letters that were dead-lettered after `time`.
    List<Change.DeadLetterSaved> deadLetteredAfter(Instant time, int limit);

    /// Returns the position of the oldest event among them.
    OptionalLong lowest();
}

package dev.tidemark.daemon.admin;

import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/// Filter and page position of a query for dead letters.
///
/// @param after end of the previous page
/// @param since earliest time at which an event became a dead letter
record DeadLetterQuery(
        Optional<SinkName> sink,
        Optional<DeadLetter.PageKey> after,
        Optional<Instant> since,
        Predicate<JournalEvent> events,
        int limit) {}

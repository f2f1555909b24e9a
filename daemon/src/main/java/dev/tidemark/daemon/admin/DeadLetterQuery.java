package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.EventFilter;
import dev.tidemark.store.model.DeadLetter;
import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.Optional;

/// Which dead letters a reader wants.
///
/// @param after where the page before ended
/// @param since the oldest moment at which they died
record DeadLetterQuery(
        Optional<SinkName> sink,
        Optional<DeadLetter.PageKey> after,
        Optional<Instant> since,
        EventFilter events,
        int limit) {}

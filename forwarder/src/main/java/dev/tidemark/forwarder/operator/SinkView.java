package dev.tidemark.forwarder.operator;

import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.Optional;

/// View of a sink for the admin API.
///
/// @param state `active`, `held`, `disabled` or `refused`
/// @param remedy remedy for a sink that is not active
/// @param backlog upper limit of undelivered events in the journal; some may not be meant for the sink
public record SinkView(
        SinkName name,
        String type,
        String state,
        long backlog,
        Optional<Instant> oldestUndeliveredAt,
        Optional<String> lastError,
        Optional<String> remedy) {}

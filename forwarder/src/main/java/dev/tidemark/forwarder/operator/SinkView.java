package dev.tidemark.forwarder.operator;

import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.Optional;

/// View of a sink for the admin API.
///
/// @param state `active`, `held`, `disabled` or `refused`
/// @param since start of a state other than `active`; survives a restart
/// @param lastResponse last response that refused a request since the start
/// @param remedy remedy for a sink that is not active
/// @param backlog upper limit of undelivered events in the journal; some may not be meant for the sink
public record SinkView(
        SinkName name,
        String type,
        String state,
        Optional<Instant> since,
        long backlog,
        Optional<Instant> oldestUndeliveredAt,
        Optional<String> lastError,
        Optional<RefusedResponse> lastResponse,
        Optional<String> remedy) {}

package dev.tidemark.forwarder;

import dev.tidemark.store.model.SinkName;
import java.time.Instant;
import java.util.Optional;

/// A sink as the admin API shows it.
///
/// @param state `active`, `held`, `disabled` or `refused`
/// @param remedy remedy for a sink that is not active
/// @param backlog events of the journal that it has not taken yet, at most; some may not be meant for it
public record SinkView(
        SinkName name,
        String type,
        String state,
        long backlog,
        Optional<Instant> oldestUndeliveredAt,
        Optional<String> lastError,
        Optional<String> remedy) {}

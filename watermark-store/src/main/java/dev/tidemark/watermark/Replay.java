package dev.tidemark.watermark;

import java.time.Instant;
import java.util.Optional;

/// Events that an operator wants a sink to get once more.
///
/// @param after what is left of it lies after this position
/// @param upTo its last position
/// @param type pattern of CloudEvents types, `*` for any characters
/// @param rate events a second at most
public record Replay(
        String id,
        SinkName sink,
        Instant begunAt,
        Position after,
        Position upTo,
        Optional<MailboxId> mailbox,
        Optional<String> type,
        int rate) {}

package dev.tidemark.forwarder.operator;

import java.util.Optional;

/// Result of a request to replay.
///
/// @param count matching events
/// @param id id of the replay; empty for a dry run or if no event matches
public record ReplayResult(long count, Optional<String> id) {}

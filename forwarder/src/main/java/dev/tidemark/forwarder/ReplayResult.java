package dev.tidemark.forwarder;

import java.util.Optional;

/// What came of an order to replay.
///
/// @param count events that it is about
/// @param id of the replay; none for a count only, or if there is nothing to send
public record ReplayResult(long count, Optional<String> id) {}

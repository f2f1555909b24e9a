package dev.tidemark.store.model;

import dev.tidemark.values.MessageDetail;

/// Detail of an event's item beyond its id.
public sealed interface ItemDetail {
    record Found(MessageDetail message) implements ItemDetail {}

    /// The item was gone or unreachable when Exchange was asked.
    record NotFound() implements ItemDetail {}

    /// Exchange did not respond in time.
    record Unavailable() implements ItemDetail {}
}

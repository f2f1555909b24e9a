package dev.tidemark.store.model;

import dev.tidemark.values.MessageDetail;

/// What an event is to tell of its item besides its id, once that is settled.
public sealed interface ItemDetail {
    record Found(MessageDetail message) implements ItemDetail {}

    /// The item was gone, or out of reach, when Exchange was asked.
    record NotFound() implements ItemDetail {}

    /// Exchange did not answer in time.
    record Unavailable() implements ItemDetail {}
}

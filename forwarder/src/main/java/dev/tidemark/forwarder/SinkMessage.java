package dev.tidemark.forwarder;

import java.util.concurrent.CompletableFuture;

/// What the thread of a sink is told.
sealed interface SinkMessage {
    /// There may be something to do.
    record Wake() implements SinkMessage {}

    /// An operator's word; `done` once it holds.
    record Enable(CompletableFuture<Void> done) implements SinkMessage {}

    record Disable(CompletableFuture<Void> done) implements SinkMessage {}

    /// There may be something to send once more.
    record Encore() implements SinkMessage {}
}

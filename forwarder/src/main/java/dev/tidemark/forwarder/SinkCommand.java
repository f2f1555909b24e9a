package dev.tidemark.forwarder;

import java.util.concurrent.CompletableFuture;

/// What the thread of a sink is told.
sealed interface SinkCommand {
    /// There may be something to do.
    record Wake() implements SinkCommand {}

    /// An operator's word; `done` once it holds.
    record Enable(CompletableFuture<Void> done) implements SinkCommand {}

    record Disable(CompletableFuture<Void> done) implements SinkCommand {}

    /// There may be something to send once more.
    record Encore() implements SinkCommand {}
}

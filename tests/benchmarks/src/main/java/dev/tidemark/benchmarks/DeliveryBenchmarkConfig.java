package dev.tidemark.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What of deliveries is to be measured, and for how long.
///
/// @param parts that run
/// @param events in the journal that senders take from its beginning, each round
/// @param behind events in the journal that is caught up with
/// @param connections requests at a time, of each sender
/// @param batch events in a request, where they are not sent singly
/// @param phase how long the healthy sink is alone, or beside others, at a time
/// @param heap of the process that catches up
record DeliveryBenchmarkConfig(
        Set<Part> parts,
        int mailboxes,
        int events,
        int behind,
        int connections,
        int batch,
        int rounds,
        Duration round,
        Duration warmUp,
        Duration phase,
        String heap) {
    enum Part {
        SINGLE,
        BATCH,
        NEIGHBOURS,
        CLOSING,
        BACKLOG
    }

    /// Where processes of their own come from, and where they may write.
    record Workspace(Path scratch, Path kept, List<String> jvmOptions) {}
}

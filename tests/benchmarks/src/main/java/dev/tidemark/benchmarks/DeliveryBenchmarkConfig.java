package dev.tidemark.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Settings of a measurement of deliveries.
///
/// @param parts parts to run
/// @param events number of events in the journal that each round delivers from its start
/// @param behind number of events in the backlog
/// @param connections number of concurrent requests of each sender
/// @param batch number of events per batch request
/// @param phase duration of each phase of the healthy sink
/// @param heap heap of the process that delivers the backlog
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

    /// Folders and JVM options of the processes.
    record Workspace(Path scratch, Path kept, List<String> jvmOptions) {}
}

package dev.tidemark.benchmarks.server;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Starts the backup at its time, and separates the responses before, during and after it. Not thread-safe; used by
/// the generator's thread.
public final class BackupPhases {
    private final MailboxPopulation population;
    private final AdminBackup backup;
    private final long startAt;
    private final LoadStats before = new LoadStats();
    private final LoadStats during = new LoadStats();
    private final LoadStats after = new LoadStats();
    private Optional<CompletableFuture<Duration>> running = Optional.empty();
    private long[] acknowledged = {};

    /// @param startAt time of the backup, by [System#nanoTime]
    public BackupPhases(MailboxPopulation population, AdminBackup backup, long startAt) {
        this.population = population;
        this.backup = backup;
        this.startAt = startAt;
    }

    /// Returns the counts for a response that arrives now.
    public LoadStats current() {
        if (running.isEmpty() && System.nanoTime() >= startAt) {
            acknowledged = population.acknowledgedCounts();
            running = Optional.of(CompletableFuture.supplyAsync(backup::run));
        }
        return running.map(it -> it.isDone() ? after : during).orElse(before);
    }

    /// Waits for the end of the backup, and returns how long it took.
    public Duration awaitEnd() {
        return running.orElseThrow().join();
    }

    /// Returns the number of acknowledged notifications of each mailbox when the backup began.
    public long[] acknowledged() {
        return acknowledged.clone();
    }

    public LoadStats before() {
        return before;
    }

    public LoadStats during() {
        return during;
    }

    public LoadStats after() {
        return after;
    }
}

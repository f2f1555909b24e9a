package dev.tidemark.listener;

import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Stores callbacks in batches. A batch holds the callbacks that arrived during the last write, so one force
/// serves all of them. Guarantees that each callback reaches the acknowledger once, stored or refused. Not
/// thread-safe; used by the committing thread.
final class GroupCommitter {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommitter.class);

    private final CallbackIntake intake;
    private final ListenerStats stats;
    private final BatchWorker.BatchHandler<ProcessedCallback> processedHandler;
    private boolean failing;

    /// Creates a committer.
    ///
    /// @param processedHandler receives the callbacks with their outcomes; an outcome is empty if the store
    ///     failed
    GroupCommitter(
            CallbackIntake intake, ListenerStats stats, BatchWorker.BatchHandler<ProcessedCallback> processedHandler) {
        this.intake = intake;
        this.stats = stats;
        this.processedHandler = processedHandler;
    }

    void commit(List<DecodedCallback> batch) {
        if (!batch.isEmpty()) {
            commitAll(batch);
        }
    }

    private void commitAll(List<DecodedCallback> batch) {
        try {
            store(batch);
        } catch (StoreException e) {
            reject(batch, e);
        } catch (RuntimeException | Error e) {
            LOG.error("Failed to store a batch of {} callbacks; storing them one by one", batch.size(), e);
            stats.faults.increment();
            batch.forEach(this::commitSingly);
        }
    }

    /// Stores one callback alone, so that a callback that breaks the store does not block the others.
    private void commitSingly(DecodedCallback decoded) {
        try {
            store(List.of(decoded));
        } catch (RuntimeException | Error e) {
            LOG.debug("Failed to store the callback of {}", decoded.callback().attempt(), e);
            reject(List.of(decoded), e);
        }
    }

    private void store(List<DecodedCallback> batch) {
        stats.batches.increment();
        batch.forEach(decoded -> decoded.callback().trace().commitStarted());
        var outcomes =
                intake.record(batch.stream().map(DecodedCallback::callback).toList());
        batch.forEach(decoded -> decoded.callback().trace().commitEnded());
        if (outcomes.size() != batch.size()) {
            throw new IllegalStateException(
                    "The store returned " + outcomes.size() + " outcomes for " + batch.size() + " callbacks.");
        }
        processedHandler.handle(IntStream.range(0, batch.size())
                .mapToObj(i -> new ProcessedCallback(batch.get(i), Optional.of(outcomes.get(i))))
                .toList());
        if (failing) {
            failing = false;
            LOG.info("The store accepts callbacks again");
        }
    }

    private void reject(List<DecodedCallback> batch, Throwable e) {
        stats.storeFailures.increment();
        if (!failing) {
            failing = true;
            LOG.warn("Failed to store callbacks; responding 503 until the store recovers: {}", e.getMessage());
        }
        LOG.debug("{} callbacks were not stored", batch.size(), e);
        processedHandler.handle(batch.stream()
                .map(decoded -> new ProcessedCallback(decoded, Optional.empty()))
                .toList());
    }
}

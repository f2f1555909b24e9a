package dev.tidemark.listener;

import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands call-backs to the store, as many at a time as arrived during the last write: one force for all of
/// them. For one thread.
final class GroupCommitter {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommitter.class);

    private final CallbackIntake intake;
    private final ListenerStats stats;
    private final Consumer<List<ProcessedCallback>> processedHandler;
    private boolean failing;

    /// `next` gets the call-backs with their receipts, or with none where the store could not take them.
    GroupCommitter(CallbackIntake intake, ListenerStats tally, Consumer<List<ProcessedCallback>> next) {
        this.intake = intake;
        this.stats = tally;
        this.processedHandler = next;
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
            LOG.error("A batch of {} call-backs broke the store; they are tried one by one.", batch.size(), e);
            stats.faults.increment();
            batch.forEach(this::commitSingly);
        }
    }

    /// Keeps one call-back that the store cannot bear from refusing all others again and again.
    private void commitSingly(DecodedCallback decoded) {
        try {
            store(List.of(decoded));
        } catch (RuntimeException | Error e) {
            LOG.debug(
                    "The call-back of {} cannot be stored.", decoded.callback().attempt(), e);
            reject(List.of(decoded), e);
        }
    }

    private void store(List<DecodedCallback> batch) {
        stats.batches.increment();
        var receipts =
                intake.record(batch.stream().map(DecodedCallback::callback).toList());
        if (receipts.size() != batch.size()) {
            throw new IllegalStateException(
                    "The store gave " + receipts.size() + " receipts for " + batch.size() + " call-backs.");
        }
        processedHandler.accept(IntStream.range(0, batch.size())
                .mapToObj(i -> new ProcessedCallback(batch.get(i), Optional.of(receipts.get(i))))
                .toList());
        if (failing) {
            failing = false;
            LOG.info("The store takes call-backs again.");
        }
    }

    private void reject(List<DecodedCallback> batch, Throwable e) {
        stats.storeFailures.increment();
        if (!failing) {
            failing = true;
            LOG.warn("The store cannot take call-backs; they are answered 503 until it can: {}", e.getMessage());
        }
        LOG.debug("{} call-backs were not stored.", batch.size(), e);
        processedHandler.accept(batch.stream()
                .map(decoded -> new ProcessedCallback(decoded, Optional.empty()))
                .toList());
    }
}

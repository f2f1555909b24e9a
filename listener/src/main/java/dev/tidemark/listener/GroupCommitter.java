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
    private final ListenerStats tally;
    private final Consumer<List<ProcessedCallback>> next;
    private boolean failing;

    /// `next` gets the call-backs with their receipts, or with none where the store could not take them.
    GroupCommitter(CallbackIntake intake, ListenerStats tally, Consumer<List<ProcessedCallback>> next) {
        this.intake = intake;
        this.tally = tally;
        this.next = next;
    }

    void commit(List<DecodedCallback> batch) {
        if (!batch.isEmpty()) {
            commitAll(batch);
        }
    }

    private void commitAll(List<DecodedCallback> batch) {
        try {
            record(batch);
        } catch (StoreException e) {
            refuse(batch, e);
        } catch (RuntimeException | Error e) {
            LOG.error("A batch of {} call-backs broke the store; they are tried one by one.", batch.size(), e);
            tally.faults.increment();
            batch.forEach(this::commitAlone);
        }
    }

    /// Keeps one call-back that the store cannot bear from refusing all others again and again.
    private void commitAlone(DecodedCallback decoded) {
        try {
            record(List.of(decoded));
        } catch (RuntimeException | Error e) {
            LOG.debug(
                    "The call-back of {} cannot be stored.", decoded.callback().attempt(), e);
            refuse(List.of(decoded), e);
        }
    }

    private void record(List<DecodedCallback> batch) {
        tally.batches.increment();
        var receipts =
                intake.record(batch.stream().map(DecodedCallback::callback).toList());
        if (receipts.size() != batch.size()) {
            throw new IllegalStateException(
                    "The store gave " + receipts.size() + " receipts for " + batch.size() + " call-backs.");
        }
        next.accept(IntStream.range(0, batch.size())
                .mapToObj(i -> new ProcessedCallback(batch.get(i), Optional.of(receipts.get(i))))
                .toList());
        if (failing) {
            failing = false;
            LOG.info("The store takes call-backs again.");
        }
    }

    private void refuse(List<DecodedCallback> batch, Throwable e) {
        tally.storeFailures.increment();
        if (!failing) {
            failing = true;
            LOG.warn("The store cannot take call-backs; they are answered 503 until it can: {}", e.getMessage());
        }
        LOG.debug("{} call-backs were not stored.", batch.size(), e);
        next.accept(batch.stream()
                .map(decoded -> new ProcessedCallback(decoded, Optional.empty()))
                .toList());
    }
}

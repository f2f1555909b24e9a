package dev.tidemark.listener;

import dev.tidemark.watermark.AttemptId;
import dev.tidemark.watermark.Callback;
import dev.tidemark.watermark.Intake;
import dev.tidemark.watermark.Receipt;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/// An intake that remembers what it got, and answers as it is told.
final class RecordingIntake implements Intake {
    final List<List<Callback>> batches = new CopyOnWriteArrayList<>();
    final List<AttemptId> refused = new CopyOnWriteArrayList<>();
    final Semaphore entered = new Semaphore(0);

    volatile boolean accepting = true;
    volatile Function<Callback, Receipt> judge = ignored -> new Receipt.Stored(1, 0);
    private volatile Semaphore gate = new Semaphore(Integer.MAX_VALUE);

    /// From now on, `record` waits for a permit before it returns.
    Semaphore hold() {
        gate = new Semaphore(0);
        return gate;
    }

    List<Callback> callbacks() {
        return batches.stream().flatMap(List::stream).toList();
    }

    @Override
    public List<Receipt> record(List<Callback> batch) {
        batches.add(List.copyOf(batch));
        entered.release();
        gate.acquireUninterruptibly();
        return batch.stream().map(judge).toList();
    }

    @Override
    public boolean refused(AttemptId attempt, String sentence) {
        refused.add(attempt);
        return false;
    }

    @Override
    public boolean accepting() {
        return accepting;
    }
}

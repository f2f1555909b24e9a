package dev.tidemark.listener;

import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.VerifiedCallback;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/// An intake that remembers what it got, and answers as it is told.
final class RecordingIntake implements CallbackIntake {
    final List<List<VerifiedCallback>> batches = new CopyOnWriteArrayList<>();
    final List<AttemptId> refused = new CopyOnWriteArrayList<>();
    final Semaphore entered = new Semaphore(0);

    volatile boolean accepting = true;
    volatile Function<VerifiedCallback, IntakeOutcome> judge = ignored -> new IntakeOutcome.Stored(1, 0);
    private volatile Semaphore gate = new Semaphore(Integer.MAX_VALUE);

    /// From now on, `record` waits for a permit before it returns.
    Semaphore hold() {
        gate = new Semaphore(0);
        return gate;
    }

    List<VerifiedCallback> callbacks() {
        return batches.stream().flatMap(List::stream).toList();
    }

    @Override
    public List<IntakeOutcome> record(List<VerifiedCallback> batch) {
        batches.add(List.copyOf(batch));
        entered.release();
        gate.acquireUninterruptibly();
        return batch.stream().map(judge).toList();
    }

    @Override
    public boolean recordRefusal(AttemptId attempt, String sentence) {
        refused.add(attempt);
        return false;
    }

    @Override
    public boolean accepting() {
        return accepting;
    }
}

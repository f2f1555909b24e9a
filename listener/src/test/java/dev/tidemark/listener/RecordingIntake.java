package dev.tidemark.listener;

import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.VerifiedCallback;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/// Intake that records its callbacks and returns the outcomes that a test sets.
final class RecordingIntake implements CallbackIntake {
    final List<List<VerifiedCallback>> batches = new CopyOnWriteArrayList<>();
    final List<AttemptId> refused = new CopyOnWriteArrayList<>();
    final Semaphore entered = new Semaphore(0);

    volatile boolean accepting = true;
    volatile Function<VerifiedCallback, IntakeOutcome> outcomeOf = ignored -> new IntakeOutcome.Stored(1, 0);
    private volatile Semaphore gate = new Semaphore(Integer.MAX_VALUE);

    /// Makes `record` wait for a permit before it returns, from now on.
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
        return batch.stream().map(outcomeOf).toList();
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

package dev.tidemark.listener;

import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.VerifiedCallback;
import java.util.List;

/// Intake without a store, for a listener that serves probes only. Ends every subscription that calls back.
/// Stateless.
final class ProbeOnlyIntake implements CallbackIntake {
    @Override
    public List<IntakeOutcome> record(List<VerifiedCallback> batch) {
        return batch.stream()
                .<IntakeOutcome>map(ignored -> new IntakeOutcome.Superseded())
                .toList();
    }

    @Override
    public boolean recordRefusal(AttemptId attempt, String sentence) {
        return false;
    }

    @Override
    public boolean accepting() {
        return true;
    }
}

package dev.tidemark.listener;

import dev.tidemark.contract.PartialStore;
import dev.tidemark.store.CallbackIntake;

/// Store that offers only the intake.
final class IntakeOnly extends PartialStore {
    private final CallbackIntake intake;

    IntakeOnly(CallbackIntake intake) {
        this.intake = intake;
    }

    @Override
    public CallbackIntake intake() {
        return intake;
    }
}

package dev.tidemark.listener;

import dev.tidemark.contract.PartialStore;
import dev.tidemark.store.CallbackIntake;

/// A store of which only the intake is there.
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

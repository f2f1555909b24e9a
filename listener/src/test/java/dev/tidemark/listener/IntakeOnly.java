package dev.tidemark.listener;

import dev.tidemark.contract.PartialStore;
import dev.tidemark.watermark.Intake;

/// A store of which only the intake is there.
final class IntakeOnly extends PartialStore {
    private final Intake intake;

    IntakeOnly(Intake intake) {
        this.intake = intake;
    }

    @Override
    public Intake intake() {
        return intake;
    }
}

package dev.tidemark.daemon.metrics;

import dev.tidemark.store.CallbackIntake;
import dev.tidemark.store.model.AttemptId;
import dev.tidemark.store.model.IntakeOutcome;
import dev.tidemark.store.model.VerifiedCallback;
import java.util.List;
import java.util.OptionalLong;

/// Store that takes no callbacks and knows the free space of its disk.
record FixedDisk(OptionalLong freeBytes) implements CallbackIntake {
    static FixedDisk withBytes(long free) {
        return new FixedDisk(OptionalLong.of(free));
    }

    @Override
    public List<IntakeOutcome> record(List<VerifiedCallback> batch) {
        return List.of();
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

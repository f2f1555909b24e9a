package dev.tidemark.daemon.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Collects the steps of one check and reports each at once. Not thread-safe; used by the thread of the check.
final class StepCollector {
    private final List<CheckStep> steps = new ArrayList<>();
    private final Consumer<CheckStep> progress;

    StepCollector(Consumer<CheckStep> progress) {
        this.progress = progress;
    }

    void add(CheckStep step) {
        steps.add(step);
        progress.accept(step);
    }

    List<CheckStep> steps() {
        return List.copyOf(steps);
    }
}

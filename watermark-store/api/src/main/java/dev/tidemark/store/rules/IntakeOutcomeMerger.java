package dev.tidemark.store.rules;

import dev.tidemark.store.model.IntakeOutcome;
import java.util.Optional;

/// Merges the outcomes of the messages in one body.
final class IntakeOutcomeMerger {
    private int events;
    private int duplicates;
    private boolean counted;
    private boolean gap;
    private boolean counts;
    private Optional<String> ended = Optional.empty();

    void add(IntakeOutcome outcome) {
        switch (outcome) {
            case IntakeOutcome.Stored stored -> count(stored.events(), stored.duplicates());
            case IntakeOutcome.Repeated repeated -> count(0, repeated.duplicates());
            case IntakeOutcome.HeartbeatOnly ignored -> count(0, 0);
            case IntakeOutcome.Gap broken -> addGap(broken);
            case IntakeOutcome.Ended end -> ended = Optional.of(end.code());
            case IntakeOutcome.Superseded ignored -> {}
        }
    }

    private void addGap(IntakeOutcome.Gap broken) {
        gap = true;
        counts |= broken.counts();
        count(broken.events(), broken.duplicates());
    }

    private void count(int more, int repeated) {
        counted = true;
        events += more;
        duplicates += repeated;
    }

    /// Returns the most important outcome: the end of the subscription, then a gap.
    IntakeOutcome merged() {
        if (ended.isPresent()) {
            return new IntakeOutcome.Ended(ended.get());
        }
        if (gap) {
            return new IntakeOutcome.Gap(events, duplicates, counts);
        }
        if (events > 0) {
            return new IntakeOutcome.Stored(events, duplicates);
        }
        if (duplicates > 0) {
            return new IntakeOutcome.Repeated(duplicates);
        }
        return counted ? new IntakeOutcome.HeartbeatOnly() : new IntakeOutcome.Superseded();
    }
}

package dev.tidemark.watermark.rules;

import dev.tidemark.watermark.Receipt;
import java.util.Optional;

/// Several receipts, of the messages in one body, on their way to become one.
final class Verdict {
    private int events;
    private int duplicates;
    private boolean counted;
    private boolean gap;
    private boolean counts;
    private Optional<String> ended = Optional.empty();

    void add(Receipt receipt) {
        switch (receipt) {
            case Receipt.Stored stored -> count(stored.events(), stored.duplicates());
            case Receipt.Repeated repeated -> count(0, repeated.duplicates());
            case Receipt.Heard ignored -> count(0, 0);
            case Receipt.Gap torn -> addGap(torn);
            case Receipt.Ended end -> ended = Optional.of(end.code());
            case Receipt.Superseded ignored -> {}
        }
    }

    private void addGap(Receipt.Gap torn) {
        gap = true;
        counts |= torn.counts();
        count(torn.events(), torn.duplicates());
    }

    private void count(int more, int repeated) {
        counted = true;
        events += more;
        duplicates += repeated;
    }

    /// What matters most of all of them: that the subscription ended, then that something is missing.
    Receipt sum() {
        if (ended.isPresent()) {
            return new Receipt.Ended(ended.get());
        }
        if (gap) {
            return new Receipt.Gap(events, duplicates, counts);
        }
        if (events > 0) {
            return new Receipt.Stored(events, duplicates);
        }
        if (duplicates > 0) {
            return new Receipt.Repeated(duplicates);
        }
        return counted ? new Receipt.Heard() : new Receipt.Superseded();
    }
}

package dev.tidemark.forwarder;

import dev.tidemark.store.Journal;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.time.Instant;

/// Finds moments in a journal.
final class JournalTimeSearch {
    private JournalTimeSearch() {}

    /// The position after which the first event lies that was recorded at `moment` or later. Events are stored
    /// in the order of their moments, but for jumps of the clock.
    static JournalPosition positionBefore(Journal journal, Instant moment) {
        var low = journal.oldest().value();
        var high = journal.end().value();
        while (low < high) {
            var middle = low + (high - low) / 2;
            var earlier = journal.read(new JournalPosition(middle), 1).stream()
                    .findFirst()
                    .map(JournalEvent::recordedAt)
                    .filter(recorded -> recorded.isBefore(moment));
            if (earlier.isPresent()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return new JournalPosition(low);
    }
}

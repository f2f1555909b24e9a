package dev.tidemark.forwarder;

import dev.tidemark.store.Journal;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.time.Instant;

/// Finds journal positions by time. Thread-safe.
final class JournalTimeSearch {
    private JournalTimeSearch() {}

    /// Returns the position before the first event that was recorded at `time` or later. Events are stored in
    /// order of time, except after changes of the clock.
    static JournalPosition positionBefore(Journal journal, Instant time) {
        var low = journal.oldest().value();
        var high = journal.end().value();
        while (low < high) {
            var middle = low + (high - low) / 2;
            var earlier = journal.read(new JournalPosition(middle), 1).stream()
                    .findFirst()
                    .map(JournalEvent::recordedAt)
                    .filter(recorded -> recorded.isBefore(time));
            if (earlier.isPresent()) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return new JournalPosition(low);
    }
}

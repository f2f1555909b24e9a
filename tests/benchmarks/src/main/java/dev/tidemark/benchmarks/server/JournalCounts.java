package dev.tidemark.benchmarks.server;

import dev.tidemark.store.Journal;
import dev.tidemark.store.model.EventId;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import java.util.HashSet;
import java.util.Set;

/// Counts of callbacks in a journal.
///
/// @param events number of pushed events
/// @param distinct number of different ids among them
/// @param gaps number of journaled gaps
record JournalCounts(long events, long distinct, long gaps) {
    private static final int AT_ONCE = 4_000;
    private static final String GAP = "mailbox.gap.detected";

    /// Reads the whole journal.
    static JournalCounts pushed(Journal journal) {
        Set<EventId> ids = new HashSet<>();
        long events = 0;
        long gaps = 0;
        for (var some = journal.read(JournalPosition.START, AT_ONCE);
                !some.isEmpty();
                some = journal.read(some.getLast().position(), AT_ONCE)) {
            for (var event : some) {
                if (isPushed(event)) {
                    events++;
                    ids.add(event.id());
                }
                gaps += event.type().equals(GAP) ? 1 : 0;
            }
        }
        return new JournalCounts(events, ids.size(), gaps);
    }

    private static boolean isPushed(JournalEvent event) {
        return event.origin().filter(EventOrigin.PUSH::equals).isPresent();
    }
}

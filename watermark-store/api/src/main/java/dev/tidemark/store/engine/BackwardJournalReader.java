package dev.tidemark.store.engine;

import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.change.JournalEntry;
import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiPredicate;

/// Walks back through the events of one mailbox, along the pointers in the journal. Slow beside everything
/// else here, and therefore kept off the way of the call-backs.
public final class BackwardJournalReader {
    private final JournalQueries journal;

    public BackwardJournalReader(JournalQueries journal) {
        this.journal = journal;
    }

    /// The keys of the mailbox's events from `from` back to, but without, `start`.
    public Set<EventKey> keys(MailboxId id, long from, long start) {
        var keys = new HashSet<EventKey>();
        back(id, from, (entry, recordedAt) -> {
            for (var i = 0; i < entry.facts().size(); i++) {
                if (entry.position() + i > start) {
                    keys.add(entry.facts().get(i).key());
                }
            }
            return entry.back() > start;
        });
        return keys;
    }

    /// Events beyond position `start`, and their keys.
    public record Recent(long start, Set<EventKey> keys) {}

    /// The keys of the mailbox's events of late: of `entries` entries, or back to `start` if that is further.
    public Recent recent(MailboxId id, long from, int entries, long start) {
        var keys = new HashSet<EventKey>();
        var place = new long[] {from};
        var left = new int[] {entries};
        back(id, from, (entry, recordedAt) -> {
            entry.facts().forEach(fact -> keys.add(fact.key()));
            place[0] = entry.back();
            left[0]--;
            return left[0] > 0 || entry.back() > start;
        });
        return new Recent(place[0], keys);
    }

    /// The position of the mailbox's newest event that was recorded before `moment`; 0 if none is kept.
    public long newestBefore(MailboxId id, long from, Instant moment) {
        var found = new long[1];
        back(id, from, (entry, recordedAt) -> {
            if (recordedAt.isBefore(moment)) {
                found[0] = entry.end();
                return false;
            }
            return true;
        });
        return found[0];
    }

    /// Shows `visitor` the mailbox's entries and when they were recorded, newest first, from the one that holds
    /// `from`, until it has seen enough or retention has removed the rest.
    public void back(MailboxId id, long from, BiPredicate<JournalEntry, Instant> visitor) {
        var place = from;
        while (place > 0) {
            var row = journal.holding(place);
            if (row.isEmpty()) {
                return;
            }
            place = backThrough(row.get(), id, place, visitor);
        }
    }

    /// Goes on within a row; returns where to go on outside of it, 0 for nowhere.
    private static long backThrough(
            JournalQueries.Row row, MailboxId id, long from, BiPredicate<JournalEntry, Instant> visitor) {
        var place = from;
        while (place >= row.position()) {
            var entry = row.holding(place).filter(it -> it.of(id));
            if (entry.isEmpty() || !visitor.test(entry.get(), row.recordedAt())) {
                return 0;
            }
            place = entry.get().back();
        }
        return place;
    }
}

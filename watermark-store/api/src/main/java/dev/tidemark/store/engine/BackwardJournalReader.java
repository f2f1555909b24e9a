package dev.tidemark.store.engine;

import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.change.JournalEntry;
import dev.tidemark.store.model.MailboxId;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiPredicate;

/// Reads the events of one mailbox backward along the pointers in the journal. Slow, so it is kept off the
/// callback path if possible.
public final class BackwardJournalReader {
    private final JournalQueries journal;

    public BackwardJournalReader(JournalQueries journal) {
        this.journal = journal;
    }

    /// Returns the keys of the mailbox's events from `from` back to `start`, excluding `start`.
    public Set<EventKey> keys(MailboxId id, long from, long start) {
        var keys = new HashSet<EventKey>();
        back(id, from, (entry, recordedAt) -> {
            for (var i = 0; i < entry.drafts().size(); i++) {
                if (entry.position() + i > start) {
                    keys.add(entry.drafts().get(i).key());
                }
            }
            return entry.back() > start;
        });
        return keys;
    }

    /// Keys of the events beyond position `start`.
    public record Recent(long start, Set<EventKey> keys) {}

    /// Returns the keys of the mailbox's recent events: of `entries` entries, or back to `start` if that is
    /// further.
    public Recent recent(MailboxId id, long from, int entries, long start) {
        var keys = new HashSet<EventKey>();
        var next = new long[] {from};
        var left = new int[] {entries};
        back(id, from, (entry, recordedAt) -> {
            entry.drafts().forEach(draft -> keys.add(draft.key()));
            next[0] = entry.back();
            left[0]--;
            return left[0] > 0 || entry.back() > start;
        });
        return new Recent(next[0], keys);
    }

    /// Returns the position of the mailbox's newest event recorded before `time`; 0 if none is kept.
    public long newestBefore(MailboxId id, long from, Instant time) {
        var found = new long[1];
        back(id, from, (entry, recordedAt) -> {
            if (recordedAt.isBefore(time)) {
                found[0] = entry.end();
                return false;
            }
            return true;
        });
        return found[0];
    }

    /// Passes the mailbox's entries and their recording times to `visitor`, newest first, starting with the entry
    /// that holds `from`. Stops when the visitor returns false or retention has removed the rest.
    public void back(MailboxId id, long from, BiPredicate<JournalEntry, Instant> visitor) {
        var next = from;
        while (next > 0) {
            var row = journal.holding(next);
            if (row.isEmpty()) {
                return;
            }
            next = backThrough(row.get(), id, next, visitor);
        }
    }

    /// Continues within a row; returns the next position outside it, 0 if there is none.
    private static long backThrough(
            JournalQueries.Row row, MailboxId id, long from, BiPredicate<JournalEntry, Instant> visitor) {
        var next = from;
        while (next >= row.position()) {
            var entry = row.holding(next).filter(it -> it.of(id));
            if (entry.isEmpty() || !visitor.test(entry.get(), row.recordedAt())) {
                return 0;
            }
            next = entry.get().back();
        }
        return next;
    }
}

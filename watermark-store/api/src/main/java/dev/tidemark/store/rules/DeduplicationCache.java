package dev.tidemark.store.rules;

import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.model.MailboxId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The events that mailboxes in an overlap know already. A cache: what is not here is read from the journal,
/// and what has not been asked for in a long time is dropped. Used under the write lock only.
final class DeduplicationCache {
    /// Across all mailboxes, some 20 MiB.
    private static final int MOST = 200_000;

    /// How far back a notification may come a second time after others have come.
    private static final int RECENT_ENTRIES = 64;

    private record CachedKeys(long start, Set<EventKey> keys) {}

    private final BackwardJournalReader walk;
    private final Map<MailboxId, CachedKeys> cached = new LinkedHashMap<>(64, 0.75f, true);
    private int size;

    DeduplicationCache(BackwardJournalReader walk) {
        this.walk = walk;
    }

    /// Whether the event was journalled for this mailbox since its overlap began, or by the draft.
    boolean knows(StoreChangeSet draft, MailboxRecord cell, EventKey key) {
        return cell.overlap
                .filter(overlap -> draft.holds(cell.id, key)
                        || keys(draft, cell, overlap.start()).contains(key))
                .isPresent();
    }

    /// What the mailbox journalled of late, its last notification at least: to tell whether something that is
    /// out of place has been seen before.
    BackwardJournalReader.Recent recent(StoreChangeSet draft, MailboxRecord cell) {
        return walk.recent(cell.id, publishedEnd(draft, cell), RECENT_ENTRIES, cell.chain.beforeLast());
    }

    private Set<EventKey> keys(StoreChangeSet draft, MailboxRecord cell, long start) {
        var known = cached.get(cell.id);
        if (known == null || known.start() > start) {
            known = put(cell.id, start, walk.keys(cell.id, publishedEnd(draft, cell), start));
        }
        return known.keys();
    }

    /// Where the mailbox's events that can be read from disk end: the draft's own cannot.
    private static long publishedEnd(StoreChangeSet draft, MailboxRecord cell) {
        return draft.published(cell.id).map(seen -> seen.lastPosition).orElse(0L);
    }

    /// Hands in what was read off the lock: the events after `start`, up to position `upTo`.
    void prime(MailboxRecord cell, long start, long upTo, Set<EventKey> keys) {
        var known = cached.get(cell.id);
        if (known == null || known.start() > start) {
            keys.addAll(walk.keys(cell.id, cell.lastPosition, upTo));
            put(cell.id, start, keys);
        }
    }

    /// After the draft has been published.
    void published(StoreChangeSet draft) {
        draft.fresh().forEach((id, keys) -> {
            var known = cached.get(id);
            if (known != null) {
                size -= known.keys().size();
                known.keys().addAll(keys);
                size += known.keys().size();
            }
        });
        draft.edited().values().stream().filter(cell -> cell.overlap.isEmpty()).forEach(cell -> drop(cell.id));
    }

    private CachedKeys put(MailboxId id, long start, Set<EventKey> keys) {
        drop(id);
        var known = new CachedKeys(start, new HashSet<>(keys));
        cached.put(id, known);
        size += keys.size();
        var eldest = cached.entrySet().iterator();
        while (size > MOST && cached.size() > 1) {
            size -= eldest.next().getValue().keys().size();
            eldest.remove();
        }
        return known;
    }

    /// After the mailbox's overlap began anew, later.
    void forget(MailboxId id) {
        drop(id);
    }

    private void drop(MailboxId id) {
        var known = cached.remove(id);
        if (known != null) {
            size -= known.keys().size();
        }
    }
}

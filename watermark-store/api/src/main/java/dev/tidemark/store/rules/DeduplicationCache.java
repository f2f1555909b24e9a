package dev.tidemark.store.rules;

import dev.tidemark.store.change.EventKey;
import dev.tidemark.store.engine.BackwardJournalReader;
import dev.tidemark.store.model.MailboxId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// Cache of the journaled events of mailboxes in a duplicate window. Missing keys are read from the journal; keys
/// that are unused for long are dropped. Guarded by the store's write lock.
final class DeduplicationCache {
    /// Limit for the keys of all mailboxes, about 20 MiB.
    private static final int MAX_KEYS = 200_000;

    /// Number of entries within which a notification may repeat after others have come.
    private static final int RECENT_ENTRIES = 64;

    private record CachedKeys(long start, Set<EventKey> keys) {}

    private final BackwardJournalReader walk;
    private final Map<MailboxId, CachedKeys> cached = new LinkedHashMap<>(64, 0.75f, true);
    private int size;

    DeduplicationCache(BackwardJournalReader walk) {
        this.walk = walk;
    }

    /// Returns whether the event was journaled for this mailbox since its window began, or by the draft.
    boolean knows(StoreChangeSet draft, MailboxRecord cell, EventKey key) {
        return cell.duplicateWindow
                .filter(overlap -> draft.contains(cell.id, key)
                        || keys(draft, cell, overlap.start()).contains(key))
                .isPresent();
    }

    /// Returns the mailbox's recent events, at least its last notification, to recognize a notification that is
    /// out of order.
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

    /// Returns the end of the mailbox's events that are readable from disk: the draft's own are not.
    private static long publishedEnd(StoreChangeSet draft, MailboxRecord cell) {
        return draft.published(cell.id).map(seen -> seen.lastPosition).orElse(0L);
    }

    /// Adds keys that were read without the write lock: of the events after `start`, up to position `upTo`.
    void prime(MailboxRecord cell, long start, long upTo, Set<EventKey> keys) {
        var known = cached.get(cell.id);
        if (known == null || known.start() > start) {
            keys.addAll(walk.keys(cell.id, cell.lastPosition, upTo));
            put(cell.id, start, keys);
        }
    }

    /// Adds the events of the draft. Must be called after the draft has been published.
    void addPublished(StoreChangeSet draft) {
        draft.newKeys().forEach((id, keys) -> {
            var known = cached.get(id);
            if (known != null) {
                size -= known.keys().size();
                known.keys().addAll(keys);
                size += known.keys().size();
            }
        });
        draft.edited().values().stream().filter(cell -> cell.duplicateWindow.isEmpty()).forEach(cell -> drop(cell.id));
    }

    private CachedKeys put(MailboxId id, long start, Set<EventKey> keys) {
        drop(id);
        var known = new CachedKeys(start, new HashSet<>(keys));
        cached.put(id, known);
        size += keys.size();
        var eldest = cached.entrySet().iterator();
        while (size > MAX_KEYS && cached.size() > 1) {
            size -= eldest.next().getValue().keys().size();
            eldest.remove();
        }
        return known;
    }

    /// Forgets a mailbox's keys. Must be called after its window was opened again, later.
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

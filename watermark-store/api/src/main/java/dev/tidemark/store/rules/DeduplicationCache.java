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

    /// Keys of the events after `start`, up to position `upTo`. Other nodes may have journaled later ones.
    private record CachedKeys(long start, long upTo, Set<EventKey> keys) {}

    private final BackwardJournalReader backwardReader;
    private final Map<MailboxId, CachedKeys> cached = new LinkedHashMap<>(64, 0.75f, true);
    private int size;

    DeduplicationCache(BackwardJournalReader backwardReader) {
        this.backwardReader = backwardReader;
    }

    /// Returns whether the event was journaled for this mailbox since its window began, or by the change set.
    boolean knows(StoreChangeSet changeSet, MailboxRecord record, EventKey key) {
        return record.duplicateWindow
                .filter(overlap -> changeSet.contains(record.id, key)
                        || keys(changeSet, record, overlap.start()).contains(key))
                .isPresent();
    }

    /// Returns the mailbox's recent events, at least its last notification, to recognize a notification that is
    /// out of order.
    BackwardJournalReader.Recent recent(StoreChangeSet changeSet, MailboxRecord record) {
        return backwardReader.recent(
                record.id, publishedEnd(changeSet, record), RECENT_ENTRIES, record.chain.beforeLast());
    }

    private Set<EventKey> keys(StoreChangeSet changeSet, MailboxRecord record, long start) {
        var known = cached.get(record.id);
        var end = publishedEnd(changeSet, record);
        if (known == null || known.start() > start) {
            known = put(record.id, new CachedKeys(start, end, backwardReader.keys(record.id, end, start)));
        } else if (known.upTo() < end) {
            var keys = backwardReader.keys(record.id, end, known.upTo());
            keys.addAll(known.keys());
            known = put(record.id, new CachedKeys(known.start(), end, keys));
        }
        return known.keys();
    }

    /// Returns the end of the mailbox's events that are readable from disk: the change set's own are not.
    private static long publishedEnd(StoreChangeSet changeSet, MailboxRecord record) {
        return changeSet.published(record.id).map(seen -> seen.lastPosition).orElse(0L);
    }

    /// Adds keys that were read without the write lock: of the events after `start`, up to position `upTo`.
    void prime(MailboxRecord record, long start, long upTo, Set<EventKey> keys) {
        var known = cached.get(record.id);
        if (known == null || known.start() > start) {
            keys.addAll(backwardReader.keys(record.id, record.lastPosition, upTo));
            put(record.id, new CachedKeys(start, record.lastPosition, keys));
        }
    }

    /// Adds the events of the change set, which is on stable storage. Must be called before it is published.
    void addCommitted(StoreChangeSet changeSet) {
        changeSet.newKeys().forEach((id, keys) -> add(changeSet, id, keys));
        changeSet.edited().values().forEach(this::dropIfWindowIsOver);
    }

    private void add(StoreChangeSet changeSet, MailboxId id, Set<EventKey> keys) {
        var known = cached.get(id);
        if (known != null) {
            size -= known.keys().size();
            known.keys().addAll(keys);
            size += known.keys().size();
            var record = changeSet.find(id).orElseThrow();
            if (known.upTo() >= publishedEnd(changeSet, record)) {
                cached.put(id, new CachedKeys(known.start(), record.lastPosition, known.keys()));
            }
        }
    }

    /// Forgets the keys of a mailbox that needs none any more.
    void dropIfWindowIsOver(MailboxRecord record) {
        if (record.duplicateWindow.isEmpty()) {
            drop(record.id);
        }
    }

    private CachedKeys put(MailboxId id, CachedKeys found) {
        drop(id);
        var known = new CachedKeys(found.start(), found.upTo(), new HashSet<>(found.keys()));
        cached.put(id, known);
        size += known.keys().size();
        var eldest = cached.entrySet().iterator();
        while (size > MAX_KEYS && cached.size() > 1) {
            size -= eldest.next().getValue().keys().size();
            eldest.remove();
        }
        return known;
    }

    /// Forgets a mailbox's keys. Must be called after its window was opened again, later, or it was removed for good.
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

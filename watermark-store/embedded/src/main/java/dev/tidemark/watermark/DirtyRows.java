package dev.tidemark.watermark;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The mailboxes whose rows are behind what is known of them. Used under the write lock only.
final class DirtyRows {
    private final Set<MailboxId> dirty = new HashSet<>();
    /// Of these the journal does not tell all; they have to be on disk within seconds.
    private final Set<MailboxId> restless = new HashSet<>();
    /// Written, but nobody knows yet whether it lasts.
    private final Set<MailboxId> deferred = new HashSet<>();

    void add(Collection<MailboxId> ids) {
        dirty.addAll(ids);
    }

    void published(Draft draft) {
        var saved = draft.saved();
        for (var id : draft.edited().keySet()) {
            if (saved.contains(id)) {
                dirty.remove(id);
                restless.remove(id);
            } else {
                edited(id, draft.fresh().containsKey(id));
            }
        }
    }

    private void edited(MailboxId id, boolean journalled) {
        dirty.add(id);
        if (!journalled) {
            restless.add(id);
        }
    }

    List<MailboxId> all() {
        return List.copyOf(dirty);
    }

    List<MailboxId> restless() {
        return List.copyOf(restless);
    }

    void defer(List<MailboxId> written) {
        written.forEach(dirty::remove);
        written.forEach(restless::remove);
        deferred.addAll(written);
    }

    void settled() {
        deferred.clear();
    }

    /// Nobody knows what of the deferred is on disk.
    void lost() {
        dirty.addAll(deferred);
        restless.addAll(deferred);
        deferred.clear();
    }

    void clear() {
        dirty.clear();
        restless.clear();
    }
}

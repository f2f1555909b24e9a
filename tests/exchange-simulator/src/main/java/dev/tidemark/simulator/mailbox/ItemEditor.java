package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ItemId;
import java.time.Instant;
import java.util.function.UnaryOperator;

/// Changes a mailbox's items and logs the events of each change. Each change of an item also changes its folder.
/// Guarded by the mailbox.
record ItemEditor(MailboxContent content, MailboxEventLog log, Instant now) {
    SimulatedItem deliver(String folder, SimulatedMail mail) {
        var item = content.add(folder, mail, now, log.next());
        append(LoggedEvent.Change.of(ChangeKind.CREATED, item.id(), item.folder()));
        append(LoggedEvent.Change.of(ChangeKind.NEW_MAIL, item.id(), item.folder()));
        folderChanged(item.folder());
        return item;
    }

    SimulatedItem create(String folder, SimulatedMail mail) {
        var item = content.add(folder, mail, now, log.next());
        append(LoggedEvent.Change.of(ChangeKind.CREATED, item.id(), item.folder()));
        folderChanged(item.folder());
        return item;
    }

    SimulatedItem update(ItemId id, UnaryOperator<SimulatedItem.Content> edit) {
        var old = content.require(id);
        var item = content.put(old.changed(edit.apply(old.content()), now, log.next()));
        append(LoggedEvent.Change.of(ChangeKind.MODIFIED, id, item.folder()));
        return item;
    }

    SimulatedItem markRead(ItemId id, boolean read) {
        var item = content.put(content.require(id).marked(read, now, log.next()));
        append(LoggedEvent.Change.of(ChangeKind.MODIFIED, id, item.folder()));
        folderChanged(item.folder());
        return item;
    }

    SimulatedItem delete(ItemId id) {
        var item = content.remove(id, log.next());
        append(LoggedEvent.Change.of(ChangeKind.DELETED, id, item.folder()));
        folderChanged(item.folder());
        return item;
    }

    /// Deletes the oldest items beyond the limit, as a retention policy does.
    void trim(RetentionLimits limits) {
        while (limits.exceeds(content.size())) {
            delete(content.oldest());
        }
        content.forgetRemovals(limits);
    }

    SimulatedItem move(ItemId id, String folder) {
        var target = content.folder(folder);
        var old = content.remove(id, log.next());
        var item = content.put(old.moved(content.newId(), target, now, log.next()));
        append(LoggedEvent.Change.moved(id, old.folder(), item.id(), item.folder()));
        folderChanged(old.folder());
        folderChanged(item.folder());
        return item;
    }

    SimulatedItem copy(ItemId id, String folder) {
        var old = content.require(id);
        var item = content.put(old.moved(content.newId(), content.folder(folder), now, log.next()));
        append(LoggedEvent.Change.copied(id, old.folder(), item.id(), item.folder()));
        folderChanged(item.folder());
        return item;
    }

    private void folderChanged(SimulatedFolder folder) {
        content.tree()
                .place(folder)
                .parent()
                .ifPresent(parent -> append(LoggedEvent.Change.folder(folder, parent.id(), content.unread(folder))));
    }

    private void append(LoggedEvent.Change change) {
        log.append(now, change);
    }
}

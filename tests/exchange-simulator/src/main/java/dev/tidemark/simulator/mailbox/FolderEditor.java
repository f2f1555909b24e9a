package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalInt;

/// Changes a mailbox's folders and logs the events of each change. Guarded by the mailbox.
record FolderEditor(MailboxContent content, MailboxEventLog log, Instant now) {
    FolderId create(String parentName, String displayName, String folderClass) {
        var parent = content.folder(parentName);
        var folder = content.newFolder();
        content.tree().make(folder, parent, displayName, folderClass, log.next());
        log(ChangeKind.CREATED, folder, parent);
        return folder.id();
    }

    FolderId rename(FolderId id, String displayName) {
        var folder = require(id);
        content.tree().rename(folder, displayName, log.next());
        log(ChangeKind.MODIFIED, folder, parent(folder));
        return id;
    }

    FolderId move(FolderId id, String parentName) {
        var folder = require(id);
        var from = parent(folder);
        var to = content.folder(parentName);
        content.tree().move(folder, to, log.next());
        append(new LoggedEvent.Change(
                ChangeKind.MOVED, id, to.id(), Optional.of(id), Optional.of(from.id()), OptionalInt.empty()));
        changed(from);
        changed(to);
        return id;
    }

    FolderId delete(FolderId id) {
        var folder = require(id);
        var below = new ArrayList<>(content.tree().below(folder));
        Collections.reverse(below);
        below.forEach(each -> remove(each.folder()));
        remove(folder);
        return id;
    }

    private void remove(SimulatedFolder folder) {
        var parent = parent(folder);
        content.itemsIn(folder).forEach(item -> content.remove(item.id(), log.next()));
        content.tree().remove(folder, log.next());
        log(ChangeKind.DELETED, folder, parent);
    }

    private SimulatedFolder require(FolderId id) {
        return content.find(new SimulatedFolderName.ById(id))
                .orElseThrow(() -> new SimulatorException("There is no folder " + id.id() + "."));
    }

    private SimulatedFolder parent(SimulatedFolder folder) {
        return content.tree().place(folder).parent().orElseThrow();
    }

    private void log(ChangeKind kind, SimulatedFolder folder, SimulatedFolder parent) {
        append(new LoggedEvent.Change(
                kind, folder.id(), parent.id(), Optional.empty(), Optional.empty(), OptionalInt.empty()));
    }

    private void changed(SimulatedFolder folder) {
        content.tree().place(folder).parent().ifPresent(parent -> log(ChangeKind.MODIFIED, folder, parent));
    }

    private void append(LoggedEvent.Change change) {
        log.append(now, change);
    }
}

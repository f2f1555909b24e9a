package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ItemId;
import dev.tidemark.values.ObjectId;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Entry of a mailbox's event history.
public record LoggedEvent(long counter, Instant time, Change change) {
    /// Change of an item or folder. `old` and `oldParent` are present after a move or copy, `unread` for
    /// folders.
    public record Change(
            ChangeKind kind,
            ObjectId target,
            FolderId parent,
            Optional<ObjectId> old,
            Optional<FolderId> oldParent,
            OptionalInt unread) {
        static Change of(ChangeKind kind, ItemId item, SimulatedFolder parent) {
            return new Change(kind, item, parent.id(), Optional.empty(), Optional.empty(), OptionalInt.empty());
        }

        static Change folder(SimulatedFolder folder, FolderId parent, int unread) {
            return new Change(
                    ChangeKind.MODIFIED,
                    folder.id(),
                    parent,
                    Optional.empty(),
                    Optional.empty(),
                    OptionalInt.of(unread));
        }

        static Change moved(ItemId from, SimulatedFolder source, ItemId to, SimulatedFolder target) {
            return new Change(
                    ChangeKind.MOVED,
                    to,
                    target.id(),
                    Optional.of(from),
                    Optional.of(source.id()),
                    OptionalInt.empty());
        }

        static Change copied(ItemId from, SimulatedFolder source, ItemId to, SimulatedFolder target) {
            return new Change(
                    ChangeKind.COPIED,
                    to,
                    target.id(),
                    Optional.of(from),
                    Optional.of(source.id()),
                    OptionalInt.empty());
        }
    }

    /// Returns whether the change concerns one of these folders: as the object's folder, its previous folder,
    /// or the object itself.
    public boolean concerns(Set<String> folders) {
        return folders.contains(change.parent().id())
                || folders.contains(change.target().id())
                || change.oldParent().stream().anyMatch(old -> folders.contains(old.id()));
    }
}

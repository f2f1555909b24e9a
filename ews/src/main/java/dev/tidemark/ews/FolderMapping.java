package dev.tidemark.ews;

import dev.tidemark.ews.EwsCall.FindFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Turns folders of the wire into what a hierarchy or a listing tells of them.
final class FolderMapping {
    private FolderMapping() {}

    static HierarchyPage hierarchy(Wire.Message message) {
        var changes = new ArrayList<FolderChange>();
        if (message.changes() != null) {
            for (var named : message.changes().all) {
                change(named).ifPresent(changes::add);
            }
        }
        return new HierarchyPage(
                new SyncState(WireValues.text(message.syncState()).orElse("")),
                WireValues.truth(message.includesLastFolderInRange()).orElse(false),
                changes);
    }

    private static Optional<FolderChange> change(Wire.NamedChange named) {
        var change = named.change();
        return switch (named.name()) {
            case "Create" -> Optional.of(new FolderChange.Created(summary(folder(change))));
            case "Update" -> Optional.of(new FolderChange.Updated(summary(folder(change))));
            case "Delete" -> Optional.of(new FolderChange.Deleted(WireValues.folderId(change.folderId)));
            default -> Optional.empty();
        };
    }

    private static Wire.Folder folder(Wire.Change change) {
        return change.anyFolder()
                .orElseThrow(() -> new InvalidValueException("A change names no folder; expected one."));
    }

    static FolderListing listing(FindFolder asked, Wire.Message message) throws MalformedMessageException {
        var root = message.rootFolder();
        if (root == null) {
            throw new MalformedMessageException("The answer holds no list of folders.");
        }
        var folders = root.folders() == null ? List.<Wire.Folder>of() : root.folders().all;
        var last = folders.isEmpty()
                || WireValues.truth(root.includesLastItemInRange()).orElse(true);
        return new FolderListing(
                folders.stream().map(FolderMapping::summary).toList(),
                count(root.totalItemsInView()),
                last ? OptionalInt.empty() : OptionalInt.of(next(asked, root, folders.size())));
    }

    /// An offset that does not lead forward would be asked for without end.
    private static int next(FindFolder asked, Wire.RootFolder root, int found) {
        var told = count(root.indexedPagingOffset()).orElse(0);
        return told > asked.offset() ? told : asked.offset() + found;
    }

    private static FolderSummary summary(Wire.Folder folder) {
        return new FolderSummary(
                WireValues.folderId(folder.folderId()),
                Optional.ofNullable(folder.parentFolderId()).map(WireValues::folderId),
                WireValues.text(folder.displayName()),
                WireValues.text(folder.folderClass()),
                count(folder.totalCount()),
                count(folder.childFolderCount()));
    }

    static OptionalInt count(@Nullable String text) {
        return WireValues.number(text)
                .map(count -> OptionalInt.of(Math.clamp(count, 0, Integer.MAX_VALUE)))
                .orElse(OptionalInt.empty());
    }
}

package dev.tidemark.ews.codec;

import dev.tidemark.ews.message.EwsCall.FindFolder;
import dev.tidemark.ews.message.FolderListing;
import dev.tidemark.ews.message.FolderSummary;
import dev.tidemark.ews.message.HierarchyPage;
import dev.tidemark.ews.message.HierarchyPage.FolderChange;
import dev.tidemark.ews.message.MalformedMessageException;
import dev.tidemark.ews.message.SkipTally;
import dev.tidemark.values.SkipReason;
import dev.tidemark.values.SyncState;
import java.util.Optional;
import java.util.OptionalInt;

/// Converts folders of the wire to the entries of a hierarchy or a listing. Counts and skips an entry that it
/// cannot understand. Not thread-safe; used for one response.
final class FolderMapper {
    private final SkipTally skips;
    private final WireValueParser values;

    FolderMapper(SkipTally skips) {
        this.skips = skips;
        this.values = new WireValueParser(skips);
    }

    HierarchyPage hierarchy(WireElement message) {
        return new HierarchyPage(
                new SyncState(message.textOf("SyncState").orElse("")),
                WireValueParser.truth(message.textOf("IncludesLastFolderInRange"))
                        .orElse(false),
                message.child("Changes").children().stream()
                        .flatMap(change -> change(change).stream())
                        .toList());
    }

    private Optional<FolderChange> change(WireElement change) {
        return switch (change.name()) {
            case "Create" -> folder(change).map(FolderChange.Created::new);
            case "Update" -> folder(change).map(FolderChange.Updated::new);
            case "Delete" -> values.folderId(change).map(FolderChange.Deleted::new);
            default -> {
                skips.count(SkipReason.UNKNOWN_ELEMENT);
                yield Optional.empty();
            }
        };
    }

    private Optional<FolderSummary> folder(WireElement change) {
        return values.object(change, "FolderId").flatMap(this::summary);
    }

    FolderListing listing(FindFolder asked, WireElement message) throws MalformedMessageException {
        var root = message.optionalChild("RootFolder")
                .orElseThrow(() -> new MalformedMessageException("The response holds no list of folders."));
        var folders = root.child("Folders").children();
        var last = folders.isEmpty()
                || WireValueParser.truth(root.attribute("IncludesLastItemInRange"))
                        .orElse(true);
        return new FolderListing(
                folders.stream().flatMap(folder -> summary(folder).stream()).toList(),
                values.count(root.attribute("TotalItemsInView")),
                last ? OptionalInt.empty() : OptionalInt.of(next(asked, root, folders.size())));
    }

    /// Returns an offset beyond the requested one, so that no page is requested twice. No offset is beyond the
    /// largest number; the reader of the pages detects that repetition.
    private int next(FindFolder asked, WireElement root, int found) {
        var named = values.count(root.attribute("IndexedPagingOffset")).orElse(0);
        return named > asked.offset() ? named : Math.clamp((long) asked.offset() + found, 0, Integer.MAX_VALUE);
    }

    private Optional<FolderSummary> summary(WireElement folder) {
        return values.folderId(folder)
                .map(id -> new FolderSummary(
                        id,
                        values.parentFolder(folder),
                        folder.textOf("DisplayName"),
                        folder.textOf("FolderClass"),
                        values.count(folder.textOf("TotalCount")),
                        values.count(folder.textOf("ChildFolderCount"))));
    }
}

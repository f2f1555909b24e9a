package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.FolderId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Names and places of a mailbox's folders, and the removed folders. Guarded by the mailbox.
final class FolderTree {
    /// Removed folder.
    record Gone(SimulatedFolder folder, long made, long left) {}

    private static final String MAIL = "IPF.Note";

    private static final String IPM_ROOT = "msgfolderroot";

    /// Distinguished name, parent, display name, class.
    private static final List<String> FOLDERS = List.of(
            "root|||",
            "msgfolderroot|root|Top of Information Store|" + MAIL,
            "inbox|msgfolderroot|Inbox|" + MAIL,
            "drafts|msgfolderroot|Drafts|" + MAIL,
            "sentitems|msgfolderroot|Sent Items|" + MAIL,
            "deleteditems|msgfolderroot|Deleted Items|" + MAIL,
            "outbox|msgfolderroot|Outbox|" + MAIL,
            "junkemail|msgfolderroot|Junk Email|" + MAIL,
            "calendar|msgfolderroot|Calendar|IPF.Appointment",
            "contacts|msgfolderroot|Contacts|IPF.Contact",
            "notes|msgfolderroot|Notes|IPF.StickyNote",
            "tasks|msgfolderroot|Tasks|IPF.Task",
            "searchfolders|root|Finder|",
            "recoverableitemsroot|root|Recoverable Items|",
            "recoverableitemsdeletions|recoverableitemsroot|Deletions|",
            "recoverableitemspurges|recoverableitemsroot|Purges|",
            "recoverableitemsversions|recoverableitemsroot|Versions|");

    private final Map<String, FolderPlace> places = new LinkedHashMap<>();
    private final Map<String, SimulatedFolder> distinguished = new LinkedHashMap<>();
    private final List<Gone> removed = new ArrayList<>();

    FolderTree(Supplier<FolderId> ids) {
        for (var line : FOLDERS) {
            var parts = line.split("\\|", 4);
            var folder = new SimulatedFolder(parts[0], ids.get());
            var parent = Optional.ofNullable(distinguished.get(parts[1]));
            distinguished.put(folder.name(), folder);
            put(new FolderPlace(folder, parent, parts[2], parts[3], 0, 0));
        }
    }

    Optional<SimulatedFolder> find(SimulatedFolderName reference) {
        if (reference instanceof SimulatedFolderName.Distinguished named) {
            return Optional.ofNullable(distinguished.get(named.name().toLowerCase(Locale.ROOT)));
        }
        return reference instanceof SimulatedFolderName.ById byId
                ? Optional.ofNullable(places.get(byId.id().id())).map(FolderPlace::folder)
                : Optional.empty();
    }

    SimulatedFolder root() {
        return find(new SimulatedFolderName.Distinguished(IPM_ROOT)).orElseThrow();
    }

    FolderPlace place(SimulatedFolder folder) {
        var place = places.get(folder.id().id());
        if (place == null) {
            throw new SimulatorException("The folder " + folder.id().id() + " is gone.");
        }
        return place;
    }

    List<FolderPlace> children(SimulatedFolder parent) {
        return places.values().stream()
                .filter(place -> place.parent().filter(parent::equals).isPresent())
                .toList();
    }

    /// Returns all folders below `top`, parents before their children.
    List<FolderPlace> below(SimulatedFolder top) {
        var found = new ArrayList<FolderPlace>();
        for (var child : children(top)) {
            found.add(child);
            found.addAll(below(child.folder()));
        }
        return found;
    }

    List<Gone> removed() {
        return List.copyOf(removed);
    }

    void make(SimulatedFolder folder, SimulatedFolder parent, String displayName, String folderClass, long counter) {
        requireFree(parent, displayName, folder);
        put(new FolderPlace(folder, Optional.of(parent), displayName, folderClass, counter, counter));
    }

    void rename(SimulatedFolder folder, String displayName, long counter) {
        var old = place(folder);
        requireFree(old.parent().orElseThrow(), displayName, folder);
        put(new FolderPlace(folder, old.parent(), displayName, old.folderClass(), old.made(), counter));
    }

    void move(SimulatedFolder folder, SimulatedFolder parent, long counter) {
        var old = place(folder);
        requireFree(parent, old.displayName(), folder);
        if (folder.equals(parent)
                || below(folder).stream().anyMatch(each -> each.folder().equals(parent))) {
            throw new SimulatorException("A folder cannot be moved below itself.");
        }
        put(new FolderPlace(folder, Optional.of(parent), old.displayName(), old.folderClass(), old.made(), counter));
    }

    void remove(SimulatedFolder folder, long counter) {
        var old = place(folder);
        if (!folder.name().isEmpty()) {
            throw new SimulatorException("Folder cannot be removed or moved: " + folder.name() + ".");
        }
        places.remove(folder.id().id());
        removed.add(new Gone(folder, old.made(), counter));
    }

    private void put(FolderPlace place) {
        places.put(place.folder().id().id(), place);
    }

    private void requireFree(SimulatedFolder parent, String displayName, SimulatedFolder taker) {
        if (children(parent).stream()
                .filter(each -> !each.folder().equals(taker))
                .anyMatch(each -> each.displayName().equalsIgnoreCase(displayName))) {
            throw new SimulatorException("There is a folder '" + displayName + "' already.");
        }
    }
}

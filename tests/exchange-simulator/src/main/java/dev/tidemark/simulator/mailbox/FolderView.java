package dev.tidemark.simulator.mailbox;

import java.util.List;
import java.util.Optional;

/// Folders of a mailbox as responses show them.
public record FolderView(SimulatedMailbox mailbox) {
    /// Folder with its counts.
    public record Listed(FolderPlace place, int total, int unread, int children) {
        static Listed of(MailboxContent content, FolderPlace place) {
            var folder = place.folder();
            var children = content.tree().children(folder).size();
            return new Listed(place, content.total(folder), content.unread(folder), children);
        }
    }

    public Listed listed(SimulatedFolder folder) {
        return mailbox.read((content, end) -> Listed.of(content, content.tree().place(folder)));
    }

    public Listed listed(FolderPlace place) {
        return mailbox.read((content, end) -> Listed.of(content, place));
    }

    /// Returns the folders directly below `parent`, or all below it.
    public List<Listed> below(SimulatedFolder parent, boolean deep) {
        return mailbox.read((content, end) -> {
            var found = deep ? content.tree().below(parent) : content.tree().children(parent);
            return found.stream().map(place -> Listed.of(content, place)).toList();
        });
    }

    /// Returns the hierarchy below a root; no root means the whole mailbox.
    public SimulatedHierarchySync.Page hierarchy(Optional<SimulatedFolder> root, String state) {
        return mailbox.read((content, end) -> {
            var tree = content.tree();
            return new SimulatedHierarchySync(tree, root.orElseGet(tree::root), end).page(state);
        });
    }
}

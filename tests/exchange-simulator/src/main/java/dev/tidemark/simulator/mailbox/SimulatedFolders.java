package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.FolderId;
import java.util.List;

/// The folders of a simulated mailbox, for whoever wants to change them. A folder is named as EWS
/// distinguishes it, e.g. `inbox`, or by its id. Every method may be called by any thread; push follows by
/// itself.
public final class SimulatedFolders {
    private final SimulatedMailbox mailbox;

    SimulatedFolders(SimulatedMailbox mailbox) {
        this.mailbox = mailbox;
    }

    /// Makes a folder for messages below `parent`.
    public FolderId create(String parent, String displayName) {
        return mailbox.changeFolders(work -> work.create(parent, displayName));
    }

    public void rename(FolderId folder, String displayName) {
        mailbox.changeFolders(work -> work.rename(folder, displayName));
    }

    /// Moves a folder with all that is in it; it keeps its id.
    public void move(FolderId folder, String parent) {
        mailbox.changeFolders(work -> work.move(folder, parent));
    }

    /// Deletes a folder with all that is in it. What was in it goes without a word of its own.
    public void delete(FolderId folder) {
        mailbox.changeFolders(work -> work.delete(folder));
    }

    /// The ids of the folders right below `parent`.
    public List<FolderId> of(String parent) {
        return new FolderView(mailbox)
                .below(mailbox.folder(parent), false).stream()
                        .map(listed -> listed.place().folder().id())
                        .toList();
    }

    public FolderId id(String folder) {
        return mailbox.folder(folder).id();
    }
}

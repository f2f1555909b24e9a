package dev.tidemark.simulator.mailbox;

import dev.tidemark.values.FolderId;
import java.util.List;

/// Changes the folders of a simulated mailbox. Names a folder as EWS distinguishes it, e.g. `inbox`, or by its
/// id. Push notifications follow automatically. Thread-safe.
public final class SimulatedFolders {
    private final SimulatedMailbox mailbox;

    SimulatedFolders(SimulatedMailbox mailbox) {
        this.mailbox = mailbox;
    }

    /// Creates a message folder below `parent`.
    public FolderId create(String parent, String displayName) {
        return create(parent, displayName, "IPF.Note");
    }

    /// Creates a folder of a class, such as `IPF.Appointment`.
    public FolderId create(String parent, String displayName, String folderClass) {
        return mailbox.changeFolders(work -> work.create(parent, displayName, folderClass));
    }

    public void rename(FolderId folder, String displayName) {
        mailbox.changeFolders(work -> work.rename(folder, displayName));
    }

    /// Moves a folder with its content; it keeps its id.
    public void move(FolderId folder, String parent) {
        mailbox.changeFolders(work -> work.move(folder, parent));
    }

    /// Deletes a folder with its content. The content causes no separate events.
    public void delete(FolderId folder) {
        mailbox.changeFolders(work -> work.delete(folder));
    }

    /// Returns the ids of the folders directly below `parent`.
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

package dev.tidemark.store;

import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.EventData.FolderInfo;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.FolderId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What folders are called, as far as is known at the moment: in memory, and of the folders that were spoken
/// of last. It is asked while events are recorded and never waits; what it does not know it wishes for, and
/// somebody may ask Exchange. Safe for use by many threads.
public final class FolderNameCache {
    private static final int MOST = 100_000;
    private static final int MOST_WISHES = 10_000;
    private static final int MOST_WISHES_OF_ONE = 20;

    private final Map<FolderKey, FolderName> known;
    private final Map<MailboxId, Set<String>> wishes = new LinkedHashMap<>();

    /// What a folder is called.
    ///
    /// @param display absent where Exchange would not tell
    /// @param wellKnown the distinguished id, where the folder has one
    public record FolderName(Optional<String> display, Optional<String> wellKnown) {
        /// Of a folder that Exchange does not tell about: known to be unknown.
        public static final FolderName NONE = new FolderName(Optional.empty(), Optional.empty());
    }

    /// Folders of a mailbox whose names would have been of use.
    public record NameRequest(MailboxId mailbox, List<String> folders) {
        public NameRequest {
            folders = List.copyOf(folders);
        }
    }

    private record FolderKey(MailboxId mailbox, String folder) {}

    public FolderNameCache() {
        this(MOST);
    }

    FolderNameCache(int most) {
        this.known = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<FolderKey, FolderName> eldest) {
                return size() > most;
            }
        };
    }

    public synchronized void learn(MailboxId mailbox, FolderId folder, FolderName name) {
        var place = new FolderKey(mailbox, folder.id());
        var before = known.getOrDefault(place, FolderName.NONE);
        // asked for by its id, a folder does not say that it is well known
        known.put(place, new FolderName(name.display(), name.wellKnown().or(before::wellKnown)));
        var open = wishes.get(mailbox);
        if (open != null && open.remove(folder.id()) && open.isEmpty()) {
            wishes.remove(mailbox);
        }
    }

    /// The wishes that have gathered, at most `most` mailboxes' at a time; they are forgotten here.
    public synchronized List<NameRequest> takeWishes(int most) {
        var taken = new ArrayList<NameRequest>();
        var mailboxes = wishes.entrySet().iterator();
        while (mailboxes.hasNext() && taken.size() < most) {
            var wish = mailboxes.next();
            taken.add(new NameRequest(wish.getKey(), List.copyOf(wish.getValue())));
            mailboxes.remove();
        }
        return taken;
    }

    /// Returns the change with the names of its folders. What happens to a folder itself makes its name doubtful.
    public synchronized Change named(MailboxId mailbox, Change change) {
        if (change.target() instanceof FolderId folder) {
            doubt(mailbox, folder);
        }
        return new Change(
                change.mailbox(),
                change.kind(),
                change.target(),
                change.parentFolder().map(folder -> named(mailbox, folder)),
                change.old(),
                change.oldParentFolder().map(folder -> named(mailbox, folder)),
                change.unreadCount(),
                change.protocol());
    }

    private FolderInfo named(MailboxId mailbox, FolderInfo folder) {
        var name = known.get(new FolderKey(mailbox, folder.id().id()));
        if (name == null) {
            wish(mailbox, folder.id());
            return folder;
        }
        return new FolderInfo(folder.id(), name.display(), name.wellKnown());
    }

    /// It may have been renamed: the name holds until Exchange tells a newer one.
    private void doubt(MailboxId mailbox, FolderId folder) {
        if (known.containsKey(new FolderKey(mailbox, folder.id()))) {
            wish(mailbox, folder);
        }
    }

    private void wish(MailboxId mailbox, FolderId folder) {
        if (wishes.size() < MOST_WISHES || wishes.containsKey(mailbox)) {
            var open = wishes.computeIfAbsent(mailbox, ignored -> new HashSet<>());
            if (open.size() < MOST_WISHES_OF_ONE) {
                open.add(folder.id());
            }
        }
    }
}

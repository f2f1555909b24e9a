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

/// Caches the names of the folders used last, in memory. The event recorder looks names up without waiting; each
/// unknown name becomes a request that a resolver sends to Exchange. Thread-safe.
public final class FolderNameCache {
    private static final int MAX_FOLDERS = 100_000;
    private static final int MAX_MAILBOXES = 10_000;
    private static final int MAX_REQUESTS_PER_MAILBOX = 20;

    private final Map<FolderKey, FolderName> known;
    private final Map<MailboxId, Set<String>> requests = new LinkedHashMap<>();

    /// Names of a folder.
    ///
    /// @param display display name; absent if Exchange does not report it
    /// @param wellKnown distinguished id, if the folder has one
    public record FolderName(Optional<String> display, Optional<String> wellKnown) {
        /// Name of a folder that Exchange does not report.
        public static final FolderName NONE = new FolderName(Optional.empty(), Optional.empty());
    }

    /// Folders of a mailbox whose names were needed but unknown.
    public record NameRequest(MailboxId mailbox, List<String> folders) {
        public NameRequest {
            folders = List.copyOf(folders);
        }
    }

    private record FolderKey(MailboxId mailbox, String folder) {}

    public FolderNameCache() {
        this(MAX_FOLDERS);
    }

    FolderNameCache(int limit) {
        this.known = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<FolderKey, FolderName> eldest) {
                return size() > limit;
            }
        };
    }

    public synchronized void learn(MailboxId mailbox, FolderId folder, FolderName name) {
        var key = new FolderKey(mailbox, folder.id());
        var before = known.getOrDefault(key, FolderName.NONE);
        // the response to a request by id does not contain the distinguished id
        known.put(key, new FolderName(name.display(), name.wellKnown().or(before::wellKnown)));
        var open = requests.get(mailbox);
        if (open != null && open.remove(folder.id()) && open.isEmpty()) {
            requests.remove(mailbox);
        }
    }

    /// Forgets the folders of a mailbox.
    public synchronized void forget(MailboxId mailbox) {
        known.keySet().removeIf(key -> key.mailbox().equals(mailbox));
        requests.remove(mailbox);
    }

    /// Removes and returns pending requests, of at most `limit` mailboxes.
    public synchronized List<NameRequest> pollRequests(int limit) {
        var polled = new ArrayList<NameRequest>();
        var mailboxes = requests.entrySet().iterator();
        while (mailboxes.hasNext() && polled.size() < limit) {
            var request = mailboxes.next();
            polled.add(new NameRequest(request.getKey(), List.copyOf(request.getValue())));
            mailboxes.remove();
        }
        return polled;
    }

    /// Returns the change with the names of its folders. A change of a folder itself makes its cached name
    /// uncertain.
    public synchronized Change withNames(MailboxId mailbox, Change change) {
        if (change.target() instanceof FolderId folder) {
            refresh(mailbox, folder);
        }
        return new Change(
                change.mailbox(),
                change.kind(),
                change.target(),
                change.parentFolder().map(folder -> withNames(mailbox, folder)),
                change.old(),
                change.oldParentFolder().map(folder -> withNames(mailbox, folder)),
                change.unreadCount(),
                change.protocol());
    }

    private FolderInfo withNames(MailboxId mailbox, FolderInfo folder) {
        var name = known.get(new FolderKey(mailbox, folder.id().id()));
        if (name == null) {
            request(mailbox, folder.id());
            return folder;
        }
        return new FolderInfo(folder.id(), name.display(), name.wellKnown());
    }

    /// Requests the name again, because the folder may have been renamed. The cached name stays valid until the
    /// response.
    private void refresh(MailboxId mailbox, FolderId folder) {
        if (known.containsKey(new FolderKey(mailbox, folder.id()))) {
            request(mailbox, folder);
        }
    }

    private void request(MailboxId mailbox, FolderId folder) {
        if (requests.size() < MAX_MAILBOXES || requests.containsKey(mailbox)) {
            var open = requests.computeIfAbsent(mailbox, ignored -> new HashSet<>());
            if (open.size() < MAX_REQUESTS_PER_MAILBOX) {
                open.add(folder.id());
            }
        }
    }
}

package dev.tidemark.subscriber.resync;

import dev.tidemark.ews.message.EwsCall.FindFolder;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest.GetFolder;
import dev.tidemark.ews.message.FolderListing;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.ews.message.FolderResult;
import dev.tidemark.ews.message.FolderSummary;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.values.FolderId;
import dev.tidemark.values.ResponseCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Finds out which folders of a mailbox are meant where that cannot be seen from their names alone, and
/// remembers it for a while. Safe for use by many threads.
public final class FolderResolver {
    private static final FolderRef TOP = new FolderRef.Distinguished("msgfolderroot");

    /// What a path may begin with whatever the mailbox's language.
    private static final Map<String, String> COMMON = Map.of(
            "inbox", "inbox",
            "sent items", "sentitems",
            "deleted items", "deleteditems",
            "drafts", "drafts",
            "junk email", "junkemail",
            "outbox", "outbox",
            "calendar", "calendar",
            "contacts", "contacts",
            "tasks", "tasks",
            "notes", "notes");

    private static final int PAGE = 500;
    private static final Duration GOOD_FOR = Duration.ofHours(1);

    private record Known(Instant at, List<FolderRef> folders) {}

    private final Clock clock;
    private final Map<MailboxId, Known> found = new ConcurrentHashMap<>();
    private final Map<MailboxId, Set<String>> neverReceiving = new ConcurrentHashMap<>();

    public FolderResolver(Clock clock) {
        this.clock = clock;
    }

    /// The folders to be asked for; none means all of them. A path that leads nowhere is refused with
    /// [EwsError.FolderGone].
    public RequestResult<List<FolderRef>> folders(MailboxRequestSender access) throws InterruptedException {
        return switch (access.job().plan().watched()) {
            case WatchedFolders.All ignored -> new RequestResult.Got<>(List.of());
            case WatchedFolders.Some some ->
                some.paths().isEmpty() ? new RequestResult.Got<>(some.folders()) : resolve(access, some);
        };
    }

    /// What was found by path is looked for again the next time.
    public void forget(MailboxId mailbox) {
        found.remove(mailbox);
    }

    private RequestResult<List<FolderRef>> resolve(MailboxRequestSender access, WatchedFolders.Some some)
            throws InterruptedException {
        var id = access.job().id();
        var known = found.get(id);
        if (known != null && known.at().plus(GOOD_FOR).isAfter(clock.instant())) {
            return new RequestResult.Got<>(known.folders());
        }
        RequestResult<List<FolderRef>> all = new RequestResult.Got<>(some.folders());
        for (var path : some.paths()) {
            all = all.then(before -> resolve(access, path, 0, TOP).then(one -> new RequestResult.Got<>(append(before, one))));
        }
        return all.then(folders -> {
            found.put(id, new Known(clock.instant(), folders));
            return new RequestResult.Got<>(folders);
        });
    }

    private static List<FolderRef> append(List<FolderRef> before, FolderRef one) {
        var both = new ArrayList<>(before);
        both.add(one);
        return List.copyOf(both);
    }

    /// Goes down from `parent`, whose child is the path's name of this level.
    private static RequestResult<FolderRef> resolve(
            MailboxRequestSender access, FolderPath path, int level, FolderRef parent) throws InterruptedException {
        if (level == path.names().size()) {
            return new RequestResult.Got<>(parent);
        }
        var below = findChild(access, parent, path.names().get(level));
        if (below instanceof RequestResult.Refused<Optional<FolderRef>>(EwsError.FolderGone ignored)) {
            return missing(path);
        }
        return below.then(child -> {
            var next = level == 0 ? child.or(() -> commonFolder(path)) : child;
            return next.isEmpty() ? missing(path) : resolve(access, path, level + 1, next.get());
        });
    }

    /// The folder of this name right below another; Exchange tells no two apart by case.
    private static RequestResult<Optional<FolderRef>> findChild(MailboxRequestSender access, FolderRef parent, String name)
            throws InterruptedException {
        var guard = new CursorGuard(Optional.empty());
        var offset = 0;
        while (true) {
            var reply = access.send(new FindFolder(parent, false, offset, PAGE));
            if (!(reply instanceof RequestResult.Got<FolderListing>(var page))) {
                return reply.then(ignored -> new RequestResult.Got<>(Optional.empty()));
            }
            var child = named(name, page);
            if (child.isPresent() || page.nextOffset().isEmpty()) {
                return new RequestResult.Got<>(child);
            }
            offset = page.nextOffset().getAsInt();
            if (!guard.advances(offset, page.folders())) {
                return new RequestResult.Refused<>(CursorGuard.error("the folders below " + parent));
            }
        }
    }

    private static Optional<FolderRef> named(String name, FolderListing page) {
        return page.folders().stream()
                .filter(folder ->
                        folder.displayName().filter(name::equalsIgnoreCase).isPresent())
                .map(FolderSummary::id)
                .<FolderRef>map(id -> new FolderRef.ById(FolderId.of(id.id())))
                .findFirst();
    }

    private static Optional<FolderRef> commonFolder(FolderPath path) {
        return Optional.ofNullable(COMMON.get(path.names().getFirst().toLowerCase(Locale.ROOT)))
                .map(FolderRef.Distinguished::new);
    }

    private static RequestResult<FolderRef> missing(FolderPath path) {
        return new RequestResult.Refused<>(new EwsError.FolderGone(
                new ResponseCode("ErrorFolderNotFound"), "The mailbox has no folder " + path + "."));
    }

    /// The ids of the folders that messages get into by their owner's hand only.
    RequestResult<Set<String>> neverReceiving(MailboxRequestSender access) throws InterruptedException {
        var id = access.job().id();
        var known = neverReceiving.get(id);
        if (known != null) {
            return new RequestResult.Got<>(known);
        }
        var names = SyncPageNews.NEVER_RECEIVING.stream()
                .<FolderRef>map(FolderRef.Distinguished::new)
                .toList();
        return access.send(new GetFolder(names)).then(results -> {
            var ids = results.stream()
                    .filter(FolderResult.Found.class::isInstance)
                    .map(result -> ((FolderResult.Found) result).id().id())
                    .collect(Collectors.toUnmodifiableSet());
            neverReceiving.put(id, ids);
            return new RequestResult.Got<>(ids);
        });
    }
}

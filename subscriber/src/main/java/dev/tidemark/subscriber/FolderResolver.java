package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EwsCall.FindFolder;
import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest.GetFolder;
import dev.tidemark.ews.message.FolderListing;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.ews.message.FolderResult;
import dev.tidemark.ews.message.FolderSummary;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.config.FolderPath;
import dev.tidemark.subscriber.config.WatchedFolders;
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

/// Resolves watched folder paths of mailboxes to folder ids, and caches them for an hour. Called on the threads
/// of jobs and streams. Thread-safe.
final class FolderResolver {
    private static final FolderRef TOP = new FolderRef.Distinguished("msgfolderroot");

    /// First path segments that work in mailboxes of any language.
    private static final Map<String, String> DISTINGUISHED_NAMES = Map.of(
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

    private static final int PAGE_SIZE = 500;
    private static final Duration CACHE_LIFETIME = Duration.ofHours(1);

    private record CachedFolders(Instant at, List<FolderRef> folders) {}

    private final Clock clock;
    private final Map<MailboxId, CachedFolders> cache = new ConcurrentHashMap<>();
    private final Map<MailboxId, Set<String>> neverReceiving = new ConcurrentHashMap<>();

    public FolderResolver(Clock clock) {
        this.clock = clock;
    }

    /// Returns the watched folders; an empty list means all. Refuses a path without a folder with
    /// [EwsError.FolderGone].
    public RequestResult<List<FolderRef>> folders(MailboxRequestSender sender) throws InterruptedException {
        return switch (sender.job().plan().watched()) {
            case WatchedFolders.All ignored -> new RequestResult.Got<>(List.of());
            case WatchedFolders.Some some ->
                some.paths().isEmpty() ? new RequestResult.Got<>(some.folders()) : resolve(sender, some);
        };
    }

    /// Removes the cached folders of a mailbox.
    public void forget(MailboxId mailbox) {
        cache.remove(mailbox);
    }

    private RequestResult<List<FolderRef>> resolve(MailboxRequestSender sender, WatchedFolders.Some some)
            throws InterruptedException {
        var id = sender.job().id();
        var cached = cache.get(id);
        if (cached != null && cached.at().plus(CACHE_LIFETIME).isAfter(clock.instant())) {
            return new RequestResult.Got<>(cached.folders());
        }
        RequestResult<List<FolderRef>> all = new RequestResult.Got<>(some.folders());
        for (var path : some.paths()) {
            all = all.then(
                    before -> resolve(sender, path, 0, TOP).then(one -> new RequestResult.Got<>(append(before, one))));
        }
        return all.then(folders -> {
            cache.put(id, new CachedFolders(clock.instant(), folders));
            return new RequestResult.Got<>(folders);
        });
    }

    private static List<FolderRef> append(List<FolderRef> before, FolderRef one) {
        var both = new ArrayList<>(before);
        both.add(one);
        return List.copyOf(both);
    }

    /// Resolves the path from `parent` on; `level` is the index of the next segment.
    private static RequestResult<FolderRef> resolve(
            MailboxRequestSender sender, FolderPath path, int level, FolderRef parent) throws InterruptedException {
        if (level == path.names().size()) {
            return new RequestResult.Got<>(parent);
        }
        var found = findChild(sender, parent, path.names().get(level));
        if (found instanceof RequestResult.Refused<Optional<FolderRef>>(EwsError.FolderGone ignored)) {
            return missing(path);
        }
        return found.then(child -> {
            var next = level == 0 ? child.or(() -> commonFolder(path)) : child;
            return next.isEmpty() ? missing(path) : resolve(sender, path, level + 1, next.get());
        });
    }

    /// Returns the child folder of this name; folder names in Exchange are case-insensitive.
    private static RequestResult<Optional<FolderRef>> findChild(
            MailboxRequestSender sender, FolderRef parent, String name) throws InterruptedException {
        var guard = new CursorGuard(Optional.empty());
        var offset = 0;
        while (true) {
            var result = sender.send(new FindFolder(parent, false, offset, PAGE_SIZE));
            if (!(result instanceof RequestResult.Got<FolderListing>(var page))) {
                return result.then(ignored -> new RequestResult.Got<>(Optional.empty()));
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
        return Optional.ofNullable(
                        DISTINGUISHED_NAMES.get(path.names().getFirst().toLowerCase(Locale.ROOT)))
                .map(FolderRef.Distinguished::new);
    }

    private static RequestResult<FolderRef> missing(FolderPath path) {
        return new RequestResult.Refused<>(new EwsError.FolderGone(
                new ResponseCode("ErrorFolderNotFound"), "The mailbox has no folder " + path + "."));
    }

    /// Returns the ids of folders that receive messages only by user action.
    RequestResult<Set<String>> neverReceiving(MailboxRequestSender sender) throws InterruptedException {
        var id = sender.job().id();
        var cached = neverReceiving.get(id);
        if (cached != null) {
            return new RequestResult.Got<>(cached);
        }
        var names = SyncPageNews.NEVER_RECEIVING.stream()
                .<FolderRef>map(FolderRef.Distinguished::new)
                .toList();
        return sender.send(new GetFolder(names)).then(results -> {
            var ids = results.stream()
                    .filter(FolderResult.Found.class::isInstance)
                    .map(result -> ((FolderResult.Found) result).id().id())
                    .collect(Collectors.toUnmodifiableSet());
            neverReceiving.put(id, ids);
            return new RequestResult.Got<>(ids);
        });
    }
}

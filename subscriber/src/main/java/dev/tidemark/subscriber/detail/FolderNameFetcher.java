package dev.tidemark.subscriber.detail;

import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.ews.message.FolderResult;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.FolderNameCache.FolderName;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.connection.ExchangeGateway.SendResult;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.values.FolderId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches display names of folders: once for the watched folders of each subscribed mailbox, and for each
/// unknown folder of an event. Uses the lowest priority. A missing response leaves events without folder names
/// and has no other effect. Runs on a separate thread, with at most four requests at once.
public final class FolderNameFetcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FolderNameFetcher.class);

    /// EWS names of common folders, requested if a group watches all folders.
    private static final List<String> COMMON_FOLDERS = List.of(
            "inbox", "drafts", "sentitems", "deleteditems", "junkemail", "outbox", "calendar", "contacts", "tasks");

    private static final int MAX_CONCURRENT = 4;
    private static final int MAX_REQUESTS_PER_SCAN = 100;
    private static final Duration MIN_INTERVAL = Duration.ofMillis(250);
    private static final Duration RETRY_FAILED_AFTER = Duration.ofMinutes(1);
    private static final Duration MAX_INTERVAL = Duration.ofSeconds(10);

    private final MailboxSubscriber subscriber;
    private final WatermarkStore store;
    private final FolderNameCache names;
    private final Semaphore permits = new Semaphore(MAX_CONCURRENT);
    /// mailboxes whose watched folders were requested
    private final Set<MailboxId> watchedRequested = ConcurrentHashMap.newKeySet();
    /// mailboxes whose common folders were requested
    private final Set<MailboxId> commonRequested = ConcurrentHashMap.newKeySet();
    /// mailboxes whose request failed, to retry later
    private final Set<MailboxId> failed = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private long failedClearedAt = System.nanoTime();

    private FolderNameFetcher(MailboxSubscriber subscriber, WatermarkStore store, FolderNameCache names) {
        this.subscriber = subscriber;
        this.store = store;
        this.names = names;
        this.thread = Thread.ofVirtual().name("folder-names").unstarted(this::run);
    }

    public static FolderNameFetcher start(MailboxSubscriber subscriber, WatermarkStore store, FolderNameCache names) {
        var fetcher = new FolderNameFetcher(subscriber, store, names);
        fetcher.thread.start();
        return fetcher;
    }

    private void run() {
        try {
            var mailboxes = 0;
            while (!stopped.await(pause(mailboxes).toMillis(), TimeUnit.MILLISECONDS)) {
                mailboxes = fetchMissing();
            }
        } catch (InterruptedException e) {
            log.debug("Stopped fetching folder names");
        }
    }

    /// Returns the interval between scans: short for few mailboxes, longer for many.
    private static Duration pause(int mailboxes) {
        var wait = Duration.ofMillis(mailboxes / 10);
        var interval = wait.compareTo(MIN_INTERVAL) < 0 ? MIN_INTERVAL : wait;
        return interval.compareTo(MAX_INTERVAL) > 0 ? MAX_INTERVAL : interval;
    }

    private int fetchMissing() throws InterruptedException {
        try {
            for (var request : names.pollRequests(MAX_REQUESTS_PER_SCAN)) {
                startFetch(request.mailbox(), requestedFolders(request));
            }
            retryFailedIfDue();
            var newMailboxes = new ArrayList<NewMailbox>();
            var count = collect(newMailboxes);
            for (var added : newMailboxes) {
                startFetch(added.id(), watchedFolders(added.group()));
            }
            return count;
        } catch (StoreException e) {
            log.warn("Failed to find folders without a name: {}; retrying", e.getMessage());
            return 0;
        }
    }

    /// Adds the mailboxes whose folders were not requested yet. Returns the number of all mailboxes. Requests
    /// can take long, so only ids and groups wait for them: the full state of many mailboxes takes tens of
    /// megabytes.
    private int collect(List<NewMailbox> newMailboxes) {
        var count = 0;
        for (var all = store.mailboxes().summaries().iterator(); all.hasNext(); count++) {
            var mailbox = all.next();
            if (mailbox.subscribedMillis() > 0 && watchedRequested.add(mailbox.id())) {
                newMailboxes.add(
                        new NewMailbox(mailbox.id(), mailbox.membership().group()));
            }
        }
        return count;
    }

    private record NewMailbox(MailboxId id, String group) {}

    /// Returns the requested folders by id, and the first time also the common folders by name. Only a request
    /// by name shows the well-known name of a folder.
    private List<FolderRef> requestedFolders(FolderNameCache.NameRequest request) {
        var folders = new ArrayList<FolderRef>();
        request.folders().forEach(id -> folders.add(new FolderRef.ById(FolderId.of(id))));
        if (commonRequested.add(request.mailbox())) {
            folders.addAll(commonFolders());
        }
        return folders;
    }

    private static List<FolderRef> commonFolders() {
        return COMMON_FOLDERS.stream()
                .<FolderRef>map(FolderRef.Distinguished::new)
                .toList();
    }

    private void retryFailedIfDue() {
        if (System.nanoTime() - failedClearedAt > RETRY_FAILED_AFTER.toNanos()) {
            failedClearedAt = System.nanoTime();
            failed.forEach(watchedRequested::remove);
            failed.forEach(commonRequested::remove);
            failed.clear();
        }
    }

    private List<FolderRef> watchedFolders(String group) {
        var folders = subscriber
                .plan(group)
                .map(GroupSubscriptionConfig::namedFolders)
                .orElse(List.of());
        return folders.isEmpty() ? commonFolders() : folders;
    }

    private void startFetch(MailboxId id, List<FolderRef> folders) throws InterruptedException {
        permits.acquire();
        Thread.ofVirtual().name("folder-names-" + id).start(() -> {
            try {
                fetch(id, folders);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                log.warn("Failed to fetch folder names of {}; its events have no folder names for now", id, e);
            } finally {
                permits.release();
            }
        });
    }

    private void fetch(MailboxId id, List<FolderRef> folders) throws InterruptedException {
        var mailbox = store.mailboxes().find(id);
        var exchange = mailbox.flatMap(
                        found -> subscriber.plan(found.membership().group()))
                .flatMap(plan -> subscriber.exchange(plan.connection()));
        if (exchange.isEmpty() || folders.isEmpty()) {
            return;
        }
        var sent = exchange.get()
                .send(RequestPriority.SNAPSHOT, mailbox.orElseThrow().address(), new EwsRequest.GetFolder(folders));
        if (sent
                instanceof
                SendResult.Answered<List<FolderResult>>(EwsResult.Success<List<FolderResult>>(var results))) {
            storeNames(id, folders, results);
        } else {
            failed.add(id);
            log.debug(
                    "Failed to fetch folder names of {}; retrying later: {}",
                    mailbox.get().address(),
                    sent);
        }
    }

    private void storeNames(MailboxId id, List<FolderRef> requested, List<FolderResult> results) {
        var fetchedNames = new ArrayList<String>();
        for (var i = 0; i < Math.min(requested.size(), results.size()); i++) {
            switch (results.get(i)) {
                case FolderResult.Found found -> {
                    names.learn(
                            id,
                            found.id(),
                            new FolderName(Optional.of(found.displayName()), wellKnown(requested.get(i))));
                    fetchedNames.add(found.displayName());
                }
                case FolderResult.Refused ignored -> {
                    if (requested.get(i) instanceof FolderRef.ById(var folder)) {
                        names.learn(id, folder, FolderName.NONE);
                    }
                }
            }
        }
        log.debug("Fetched folder names of {}: {}", id, fetchedNames);
    }

    private static Optional<String> wellKnown(FolderRef requested) {
        return requested instanceof FolderRef.Distinguished named ? Optional.of(named.name()) : Optional.empty();
    }

    /// Stops fetching. Requests in flight end with the gates of the subscriber.
    @Override
    public void close() {
        stopped.countDown();
        thread.interrupt();
    }
}

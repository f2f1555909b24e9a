package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.EwsResult;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.ews.message.FolderResult;
import dev.tidemark.store.FolderNameCache;
import dev.tidemark.store.FolderNameCache.FolderName;
import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.subscriber.connection.SendResult;
import dev.tidemark.subscriber.resync.GroupSubscriptionConfig;
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

/// Asks Exchange what folders are called: once for the watched folders of each mailbox that is subscribed,
/// and whenever an event spoke of a folder that nobody knew. It goes last in every budget; an answer that
/// does not come leaves events without names, never without anything else.
public final class FolderNameFetcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FolderNameFetcher.class);

    /// What a mailbox's folders are called in EWS; asked for where a group watches all of them.
    private static final List<String> COMMON = List.of(
            "inbox", "drafts", "sentitems", "deleteditems", "junkemail", "outbox", "calendar", "contacts", "tasks");

    private static final int AT_ONCE = 4;
    private static final int MOST_WISHES = 100;
    private static final Duration SHORTEST = Duration.ofMillis(250);
    private static final Duration FORGIVE = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final MailboxSubscriber subscriber;
    private final WatermarkStore store;
    private final FolderNameCache names;
    private final Semaphore turns = new Semaphore(AT_ONCE);
    /// whose watched folders were asked for
    private final Set<MailboxId> introduced = ConcurrentHashMap.newKeySet();
    /// whose common folders were asked for
    private final Set<MailboxId> acquainted = ConcurrentHashMap.newKeySet();
    /// for whom that came to nothing, and who are asked for again after a while
    private final Set<MailboxId> failed = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    private long forgivenAt = System.nanoTime();

    private FolderNameFetcher(MailboxSubscriber subscriber, WatermarkStore store, FolderNameCache names) {
        this.subscriber = subscriber;
        this.store = store;
        this.names = names;
        this.thread = Thread.ofVirtual().name("folder-names").unstarted(this::run);
    }

    public static FolderNameFetcher start(MailboxSubscriber subscriber, WatermarkStore store, FolderNameCache names) {
        var naming = new FolderNameFetcher(subscriber, store, names);
        naming.thread.start();
        return naming;
    }

    private void run() {
        try {
            var mailboxes = 0;
            while (!stopped.await(pause(mailboxes).toMillis(), TimeUnit.MILLISECONDS)) {
                mailboxes = look();
            }
        } catch (InterruptedException e) {
            log.debug("Folders are not named any more");
        }
    }

    /// Few mailboxes are looked through often, many now and then.
    private static Duration pause(int mailboxes) {
        var wait = Duration.ofMillis(mailboxes / 10);
        var enough = wait.compareTo(SHORTEST) < 0 ? SHORTEST : wait;
        return enough.compareTo(LONGEST) > 0 ? LONGEST : enough;
    }

    private int look() throws InterruptedException {
        try {
            for (var wish : names.pollRequests(MOST_WISHES)) {
                begin(wish.mailbox(), wished(wish));
            }
            forgiveIfDue();
            var newcomers = new ArrayList<Newcomer>();
            var count = collect(newcomers);
            for (var newcomer : newcomers) {
                begin(newcomer.id(), watched(newcomer.group()));
            }
            return count;
        } catch (StoreException e) {
            log.warn("Mailboxes could not be looked through for folders to name: {}", e.getMessage());
            return 0;
        }
    }

    /// Adds the mailboxes whose folders were not asked for yet, and returns the number of all. Requests can take
    /// long: only ids and groups wait for them, as the full state of many mailboxes takes tens of megabytes.
    private int collect(List<Newcomer> newcomers) {
        var all = store.mailboxes().all();
        all.stream()
                .filter(mailbox -> mailbox.live().isPresent() && introduced.add(mailbox.id()))
                .map(mailbox -> new Newcomer(mailbox.id(), mailbox.membership().group()))
                .forEach(newcomers::add);
        return all.size();
    }

    private record Newcomer(MailboxId id, String group) {}

    /// By their ids, and the first time also by the names that every mailbox has: only so a folder's own
    /// comes to light.
    private List<FolderRef> wished(FolderNameCache.NameRequest wish) {
        var folders = new ArrayList<FolderRef>();
        wish.folders().forEach(id -> folders.add(new FolderRef.ById(FolderId.of(id))));
        if (acquainted.add(wish.mailbox())) {
            folders.addAll(common());
        }
        return folders;
    }

    private static List<FolderRef> common() {
        return COMMON.stream().<FolderRef>map(FolderRef.Distinguished::new).toList();
    }

    private void forgiveIfDue() {
        if (System.nanoTime() - forgivenAt > FORGIVE.toNanos()) {
            forgivenAt = System.nanoTime();
            failed.forEach(introduced::remove);
            failed.forEach(acquainted::remove);
            failed.clear();
        }
    }

    private List<FolderRef> watched(String group) {
        var folders = subscriber
                .plan(group)
                .map(GroupSubscriptionConfig::namedFolders)
                .orElse(List.of());
        return folders.isEmpty() ? common() : folders;
    }

    private void begin(MailboxId id, List<FolderRef> folders) throws InterruptedException {
        turns.acquire();
        Thread.ofVirtual().name("folder-names-" + id).start(() -> {
            try {
                ask(id, folders);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                log.warn("Folders of {} keep no name for now", id, e);
            } finally {
                turns.release();
            }
        });
    }

    private void ask(MailboxId id, List<FolderRef> folders) throws InterruptedException {
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
            learn(id, folders, results);
        } else {
            failed.add(id);
            log.debug("Folders of {} could not be asked for: {}", mailbox.get().address(), sent);
        }
    }

    private void learn(MailboxId id, List<FolderRef> asked, List<FolderResult> results) {
        var learnt = new ArrayList<String>();
        for (var i = 0; i < Math.min(asked.size(), results.size()); i++) {
            switch (results.get(i)) {
                case FolderResult.Found found -> {
                    names.learn(
                            id, found.id(), new FolderName(Optional.of(found.displayName()), wellKnown(asked.get(i))));
                    learnt.add(found.displayName());
                }
                case FolderResult.Refused ignored -> {
                    if (asked.get(i) instanceof FolderRef.ById(var folder)) {
                        names.learn(id, folder, FolderName.NONE);
                    }
                }
            }
        }
        log.debug("Folders of {}: {}", id, learnt);
    }

    private static Optional<String> wellKnown(FolderRef asked) {
        return asked instanceof FolderRef.Distinguished named ? Optional.of(named.name()) : Optional.empty();
    }

    /// Asks for nothing more; what is under way ends with the subscriber's gates.
    @Override
    public void close() {
        stopped.countDown();
        thread.interrupt();
    }
}

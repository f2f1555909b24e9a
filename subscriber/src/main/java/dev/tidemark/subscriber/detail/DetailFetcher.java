package dev.tidemark.subscriber.detail;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.detail.DetailBacklog.Wanted;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches the item details of events as soon as they are in the journal. Uses up to two threads per mailbox and
/// ten items per request, within the limits of the connection. Stores details that miss the deadline as
/// unavailable, so that no sink waits longer. Thread-safe.
public final class DetailFetcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DetailFetcher.class);

    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
    private static final int PAGE_SIZE = 256;

    /// Limit of events in memory, stored as positions; later events stay in the journal.
    private static final int MAX_WAITING = 100_000;

    private final WatermarkStore store;
    private final Clock clock;
    private final BooleanSupplier isOnDuty;
    private final DetailPatience patience;
    private final DetailSettler settler;
    private final DetailRequest request;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Map<MailboxId, DetailBacklog> waiting = new HashMap<>();
    private final List<Thread> threads;
    private int waitingEvents;

    private DetailFetcher(MailboxSubscriber subscriber, WatermarkStore store, Clock clock, BooleanSupplier isOnDuty) {
        this.isOnDuty = isOnDuty;
        this.store = store;
        this.clock = clock;
        this.patience = new DetailPatience(clock.instant());
        this.settler = new DetailSettler(store.details(), this::isRunning);
        this.request = new DetailRequest(subscriber, store, settler);
        this.threads = List.of(
                Thread.ofVirtual().name("detail-reader").unstarted(this::read),
                Thread.ofVirtual().name("detail-writer").unstarted(settler::run));
    }

    public static DetailFetcher start(MailboxSubscriber subscriber, WatermarkStore store, Clock clock) {
        return start(subscriber, store, clock, () -> true);
    }

    /// Starts the fetcher of a node in a cluster.
    ///
    /// @param isOnDuty false while another node fetches; then this one starts nothing
    public static DetailFetcher start(
            MailboxSubscriber subscriber, WatermarkStore store, Clock clock, BooleanSupplier isOnDuty) {
        var fetcher = new DetailFetcher(subscriber, store, clock, isOnDuty);
        // without a group that wants details, no event needs them
        if (store.details().oldestWanted().isPresent()) {
            fetcher.threads.forEach(Thread::start);
        }
        return fetcher;
    }

    private boolean isRunning() {
        return stopped.getCount() > 0;
    }

    private void read() {
        var seen = Optional.<JournalPosition>empty();
        while (isRunning()) {
            try {
                if (!isOnDuty.getAsBoolean()) {
                    seen = Optional.empty();
                    pause();
                    continue;
                }
                var from = seen.orElseGet(this::startPosition);
                seen = Optional.of(from);
                if (store.journal().awaitBeyond(from, POLL_INTERVAL)) {
                    seen = Optional.of(readPage(from));
                }
            } catch (StoreException e) {
                log.warn(
                        "Failed to read events that need details; retrying in {} s: {}",
                        POLL_INTERVAL.toSeconds(),
                        e.getMessage());
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// Returns the position to start from. Details before the position of the slowest sink are stored already.
    private JournalPosition startPosition() {
        var delivered = store.deliveries().deliveredByAll();
        return store.details()
                .oldestWanted()
                .filter(wanted -> wanted.compareTo(delivered) > 0)
                .orElse(delivered);
    }

    private JournalPosition readPage(JournalPosition from) throws InterruptedException {
        var events = store.journal().read(from, PAGE_SIZE);
        for (var event : events) {
            if (store.details().wantsDetail(event)
                    && store.details().find(event.position()).isEmpty()) {
                add(event);
            }
        }
        return events.isEmpty() ? from : events.getLast().position();
    }

    private synchronized void add(JournalEvent event) throws InterruptedException {
        while (waitingEvents >= MAX_WAITING && isRunning()) {
            wait(POLL_INTERVAL.toMillis());
        }
        waitingEvents++;
        var mailbox = ((Change) event.data()).mailbox().id();
        var backlog = waiting.computeIfAbsent(mailbox, ignored -> new DetailBacklog());
        backlog.add(Wanted.of(event.position(), event.recordedAt()));
        notifyAll();
        startWorker(mailbox, backlog);
    }

    private void startWorker(MailboxId mailbox, DetailBacklog backlog) {
        if (backlog.tryStartWorker()) {
            Thread.ofVirtual().name("detail-" + mailbox).start(() -> fetchAll(mailbox, backlog));
        }
    }

    private void fetchAll(MailboxId mailbox, DetailBacklog backlog) {
        try {
            for (var batch = awaitNextBatch(mailbox, backlog);
                    !batch.isEmpty();
                    batch = awaitNextBatch(mailbox, backlog)) {
                onResponse(backlog, request.send(mailbox, batch, clock.instant()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            endWorker(mailbox, backlog);
        } catch (RuntimeException e) {
            log.error("Failed to fetch details of {}; some of its events are sent without them", mailbox, e);
            endWorker(mailbox, backlog);
        }
    }

    /// Waits for the next batch of the mailbox. Returns an empty list and removes the worker when it must end.
    private synchronized List<Wanted> awaitNextBatch(MailboxId mailbox, DetailBacklog backlog)
            throws InterruptedException {
        while (isRunning()) {
            var now = clock.instant();
            backlog.removeOverdue(patience, now).forEach(this::onExpired);
            var batch = backlog.removeNextBatch(now);
            if (!batch.isEmpty()) {
                waitingEvents -= batch.size();
                notifyAll();
                startNextWorker(mailbox, backlog);
                return batch;
            }
            if (backlog.size() == 0 || backlog.workers() > 1) {
                break;
            }
            wait(millisUntilDue(backlog, now));
        }
        endWorker(mailbox, backlog);
        return List.of();
    }

    private void startNextWorker(MailboxId mailbox, DetailBacklog backlog) {
        if (backlog.hasNew()) {
            startWorker(mailbox, backlog);
        }
    }

    private synchronized void endWorker(MailboxId mailbox, DetailBacklog backlog) {
        backlog.endWorker();
        if (backlog.workers() == 0) {
            waitingEvents -= backlog.size();
            waiting.remove(mailbox);
        }
    }

    private static long millisUntilDue(DetailBacklog backlog, Instant now) {
        var due = backlog.nextDue(now).orElse(now);
        return Math.clamp(now.until(due).toMillis(), 1, POLL_INTERVAL.toMillis());
    }

    private void onExpired(Wanted event) {
        settler.enqueue(event.position(), new ItemDetail.Unavailable());
        waitingEvents--;
        notifyAll();
    }

    private synchronized void onResponse(DetailBacklog backlog, DetailRequest.RetryPlan retry) {
        waitingEvents += retry.events().size();
        backlog.requeue(retry.events());
        if (retry.delaysMailbox()) {
            backlog.recordFailure(clock.instant());
        } else {
            backlog.recordSuccess();
        }
        notifyAll();
    }

    private void pause() {
        try {
            if (stopped.await(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                log.debug("Stopped fetching details");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Stops fetching. The next start fetches the remaining details.
    @Override
    public void close() {
        stopped.countDown();
        threads.getFirst().interrupt();
        synchronized (this) {
            notifyAll();
        }
        var writer = threads.getLast();
        try {
            if (writer.isAlive()) {
                writer.join(POLL_INTERVAL.multipliedBy(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

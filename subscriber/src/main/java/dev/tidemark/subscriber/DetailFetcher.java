package dev.tidemark.subscriber;

import dev.tidemark.store.StoreException;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.EventData.Change;
import dev.tidemark.store.model.ItemDetail;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.DetailBacklog.Wanted;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches the item details of events as soon as they are journaled. Uses one thread for each mailbox with such
/// events and ten items per request, within the limits of the connection. Settles details that cannot be fetched
/// in time as unavailable, so that no sink waits longer.
public final class DetailFetcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DetailFetcher.class);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int PAGE = 256;

    /// Limit of events that wait in memory, by their positions; later ones stay in the journal.
    private static final int MOST = 100_000;

    private final WatermarkStore store;
    private final Clock clock;
    private final DetailPatience patience;
    private final DetailSettler settler;
    private final DetailRequest request;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Map<MailboxId, DetailBacklog> waiting = new HashMap<>();
    private final List<Thread> threads;
    private int outstanding;

    private DetailFetcher(MailboxSubscriber subscriber, WatermarkStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
        this.patience = new DetailPatience(clock.instant());
        this.settler = new DetailSettler(store.details(), this::runs);
        this.request = new DetailRequest(subscriber, store, settler);
        this.threads = List.of(
                Thread.ofVirtual().name("detail-reader").unstarted(this::read),
                Thread.ofVirtual().name("detail-writer").unstarted(settler::run));
    }

    public static DetailFetcher start(MailboxSubscriber subscriber, WatermarkStore store, Clock clock) {
        var fetcher = new DetailFetcher(subscriber, store, clock);
        // without a group that wants details, the journal need not be read for them
        if (store.details().oldestWanted().isPresent()) {
            fetcher.threads.forEach(Thread::start);
        }
        return fetcher;
    }

    private boolean runs() {
        return stopped.getCount() > 0;
    }

    private void read() {
        var seen = Optional.<JournalPosition>empty();
        while (runs()) {
            try {
                var from = seen.orElseGet(this::beginning);
                seen = Optional.of(from);
                if (store.journal().awaitBeyond(from, LOOK)) {
                    seen = Optional.of(readOn(from));
                }
            } catch (StoreException e) {
                log.warn(
                        "Failed to read events that want details; retrying in {} s: {}",
                        LOOK.toSeconds(),
                        e.getMessage());
                pause();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// What every sink has was settled before.
    private JournalPosition beginning() {
        var delivered = store.deliveries().deliveredByAll();
        return store.details()
                .oldestWanted()
                .filter(wanted -> wanted.compareTo(delivered) > 0)
                .orElse(delivered);
    }

    private JournalPosition readOn(JournalPosition from) throws InterruptedException {
        var events = store.journal().read(from, PAGE);
        for (var event : events) {
            if (store.details().wantsDetail(event)
                    && store.details().find(event.position()).isEmpty()) {
                add(event);
            }
        }
        return events.isEmpty() ? from : events.getLast().position();
    }

    private synchronized void add(JournalEvent event) throws InterruptedException {
        while (outstanding >= MOST && runs()) {
            wait(LOOK.toMillis());
        }
        outstanding++;
        var mailbox = ((Change) event.data()).mailbox().id();
        var backlog = waiting.computeIfAbsent(mailbox, ignored -> new DetailBacklog());
        backlog.add(Wanted.of(event.position(), event.recordedAt()));
        notifyAll();
        startWorker(mailbox, backlog);
    }

    private void startWorker(MailboxId mailbox, DetailBacklog backlog) {
        if (backlog.startsWorker()) {
            Thread.ofVirtual().name("detail-" + mailbox).start(() -> fetchAll(mailbox, backlog));
        }
    }

    private void fetchAll(MailboxId mailbox, DetailBacklog backlog) {
        try {
            for (var batch = next(mailbox, backlog); !batch.isEmpty(); batch = next(mailbox, backlog)) {
                putBack(backlog, request.send(mailbox, batch, clock.instant()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end(mailbox, backlog);
        } catch (RuntimeException e) {
            log.error("Failed to fetch details of {}; some of its events are sent without them", mailbox, e);
            end(mailbox, backlog);
        }
    }

    /// Waits for the mailbox's next request. Returns nothing when the thread has to end, and counts it no more.
    private synchronized List<Wanted> next(MailboxId mailbox, DetailBacklog backlog) throws InterruptedException {
        while (runs()) {
            var now = clock.instant();
            backlog.takeOverdue(patience, now).forEach(this::expired);
            var batch = backlog.next(now);
            if (!batch.isEmpty()) {
                outstanding -= batch.size();
                notifyAll();
                startNextWorker(mailbox, backlog);
                return batch;
            }
            if (backlog.size() == 0 || backlog.workers() > 1) {
                break;
            }
            wait(millisUntilDue(backlog, now));
        }
        end(mailbox, backlog);
        return List.of();
    }

    private void startNextWorker(MailboxId mailbox, DetailBacklog backlog) {
        if (backlog.hasFresh()) {
            startWorker(mailbox, backlog);
        }
    }

    private synchronized void end(MailboxId mailbox, DetailBacklog backlog) {
        backlog.endsWorker();
        if (backlog.workers() == 0) {
            outstanding -= backlog.size();
            waiting.remove(mailbox);
        }
    }

    private static long millisUntilDue(DetailBacklog backlog, Instant now) {
        var due = backlog.nextDue(now).orElse(now);
        return Math.clamp(now.until(due).toMillis(), 1, LOOK.toMillis());
    }

    private void expired(Wanted event) {
        settler.settle(event.position(), new ItemDetail.Unavailable());
        outstanding--;
        notifyAll();
    }

    private synchronized void putBack(DetailBacklog backlog, DetailRequest.Rest rest) {
        outstanding += rest.open().size();
        backlog.putBack(rest.open());
        if (rest.rests()) {
            backlog.rests(clock.instant());
        } else {
            backlog.works();
        }
        notifyAll();
    }

    private void pause() {
        try {
            if (stopped.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                log.debug("Details are not fetched any more");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What is not settled by now is fetched after the next start.
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
                writer.join(LOOK.multipliedBy(2));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsAnswer;
import dev.tidemark.ews.EwsRequest;
import dev.tidemark.ews.ItemId;
import dev.tidemark.ews.ItemResult;
import dev.tidemark.watermark.Detail;
import dev.tidemark.watermark.EventData.Change;
import dev.tidemark.watermark.JournalEvent;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.Position;
import dev.tidemark.watermark.StoreException;
import dev.tidemark.watermark.WatermarkStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches what events are to tell of their items, as soon as they are journalled: a mailbox at a time, ten
/// items a request, under the limits of the connection. What cannot be had in time is settled as unavailable,
/// so that nobody waits for it longer.
public final class DetailFetcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DetailFetcher.class);

    /// An event is held for a minute at most; this leaves time to write down that it was in vain.
    private static final Duration PATIENCE = Duration.ofSeconds(57);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(8);
    private static final int PAGE = 256;
    /// Events that wait in memory; what is behind them stays in the journal.
    private static final int MOST = 5_000;

    private final Subscriber subscriber;
    private final WatermarkStore store;
    private final Clock clock;
    private final Instant startedAt;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final LinkedBlockingQueue<Settled> settled = new LinkedBlockingQueue<>();
    private final Map<MailboxId, Deque<JournalEvent>> waiting = new HashMap<>();
    private final List<Thread> threads;
    private int outstanding;

    private record Settled(Position position, Detail detail) {}

    private DetailFetcher(Subscriber subscriber, WatermarkStore store, Clock clock) {
        this.subscriber = subscriber;
        this.store = store;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.threads = List.of(
                Thread.ofVirtual().name("detail-reader").unstarted(this::read),
                Thread.ofVirtual().name("detail-writer").unstarted(this::write));
    }

    public static DetailFetcher start(Subscriber subscriber, WatermarkStore store, Clock clock) {
        var fetcher = new DetailFetcher(subscriber, store, clock);
        // where no group wants details, nobody reads the journal for them
        if (store.details().oldestWanted().isPresent()) {
            fetcher.threads.forEach(Thread::start);
        }
        return fetcher;
    }

    private boolean runs() {
        return stopped.getCount() > 0;
    }

    private void read() {
        var seen = Optional.<Position>empty();
        while (runs()) {
            try {
                var from = seen.orElseGet(this::beginning);
                seen = Optional.of(from);
                if (store.journal().awaitBeyond(from, LOOK)) {
                    seen = Optional.of(readOn(from));
                }
            } catch (StoreException e) {
                log.warn("Details are not fetched for a moment: {}", e.getMessage());
                pause(LOOK);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /// What every sink has was settled before.
    private Position beginning() {
        var delivered = store.deliveries().deliveredByAll();
        return store.details()
                .oldestWanted()
                .filter(wanted -> wanted.compareTo(delivered) > 0)
                .orElse(delivered);
    }

    private Position readOn(Position from) throws InterruptedException {
        var events = store.journal().read(from, PAGE);
        for (var event : events) {
            if (store.details().wanted(event)
                    && store.details().at(event.position()).isEmpty()) {
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
        var queue = waiting.get(mailbox);
        if (queue == null) {
            waiting.put(mailbox, new ArrayDeque<>(List.of(event)));
            Thread.ofVirtual().name("detail-" + mailbox).start(() -> fetchAll(mailbox));
        } else {
            queue.add(event);
        }
    }

    /// The mailbox's next events; none, and its thread may end, when there are no more.
    private synchronized List<JournalEvent> next(MailboxId mailbox) {
        var queue = waiting.getOrDefault(mailbox, new ArrayDeque<>());
        var batch = new ArrayList<JournalEvent>();
        while (!queue.isEmpty() && batch.size() < EwsRequest.MOST_ITEMS) {
            batch.add(queue.remove());
        }
        if (batch.isEmpty()) {
            waiting.remove(mailbox);
        }
        outstanding -= batch.size();
        notifyAll();
        return batch;
    }

    private void fetchAll(MailboxId mailbox) {
        try {
            for (var batch = next(mailbox); !batch.isEmpty() && runs(); batch = next(mailbox)) {
                fetch(mailbox, batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.warn("Details of {} are not fetched; its events go without", mailbox, e);
            forget(mailbox);
        }
    }

    private synchronized void forget(MailboxId mailbox) {
        var left = waiting.remove(mailbox);
        outstanding -= left == null ? 0 : left.size();
    }

    /// Asks until all are settled or their time is over.
    private void fetch(MailboxId mailbox, List<JournalEvent> batch) throws InterruptedException {
        var open = batch;
        var wait = FIRST_WAIT;
        while (!open.isEmpty() && runs()) {
            open = inTime(open);
            if (open.isEmpty()) {
                return;
            }
            var asked = open;
            open = ask(mailbox, asked);
            if (!open.isEmpty()) {
                pause(wait);
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
            }
        }
    }

    private List<JournalEvent> inTime(List<JournalEvent> events) {
        var now = clock.instant();
        var open = new ArrayList<JournalEvent>();
        for (var event : events) {
            if (now.isBefore(deadline(event, now))) {
                open.add(event);
            } else {
                settled.add(new Settled(event.position(), new Detail.Unavailable()));
            }
        }
        return open;
    }

    /// What was journalled before a restart has its minute from there, also where the clock was set back and it
    /// lies in the future.
    private Instant deadline(JournalEvent event, Instant now) {
        var recordedAt = event.recordedAt();
        var from = recordedAt.isAfter(startedAt) && !recordedAt.isAfter(now) ? recordedAt : startedAt;
        return from.plus(PATIENCE);
    }

    /// Returns what is still open.
    private List<JournalEvent> ask(MailboxId id, List<JournalEvent> events) throws InterruptedException {
        var mailbox = store.mailboxes().find(id);
        var exchange = mailbox.flatMap(
                        found -> subscriber.plan(found.membership().group()))
                .flatMap(plan -> subscriber.exchange(plan.connection()));
        if (exchange.isEmpty()) {
            events.forEach(event -> settled.add(new Settled(event.position(), new Detail.Unavailable())));
            return List.of();
        }
        var items = events.stream()
                .map(event -> (ItemId) ((Change) event.data()).target())
                .toList();
        var sent = exchange.get().send(Priority.DETAIL, mailbox.orElseThrow().address(), new EwsRequest.GetItem(items));
        if (sent instanceof Sent.Answered<List<ItemResult>>(EwsAnswer.Success<List<ItemResult>>(var results))) {
            return settle(events, results);
        }
        log.debug("Details of {} could not be asked for: {}", mailbox.get().address(), sent);
        return events;
    }

    private List<JournalEvent> settle(List<JournalEvent> events, List<ItemResult> results) {
        var open = new ArrayList<JournalEvent>();
        for (var i = 0; i < events.size(); i++) {
            var event = events.get(i);
            var detail = i < results.size() ? detail(results.get(i)) : Optional.<Detail>empty();
            detail.ifPresentOrElse(found -> settled.add(new Settled(event.position(), found)), () -> open.add(event));
        }
        return open;
    }

    private static Optional<Detail> detail(ItemResult result) {
        return switch (result) {
            case ItemResult.Found found -> Optional.of(new Detail.Found(found.message()));
            case ItemResult.Refused refused ->
                refused.code().value().equals("ErrorItemNotFound")
                        ? Optional.of(new Detail.NotFound())
                        : Optional.empty();
        };
    }

    /// Writes whatever has come meanwhile at once.
    private void write() {
        try {
            while (runs() || !settled.isEmpty()) {
                var first = settled.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    var all = new ArrayList<Settled>(List.of(first));
                    settled.drainTo(all);
                    save(all);
                }
            }
        } catch (InterruptedException e) {
            log.debug("Details are not written any more");
        }
    }

    private void save(List<Settled> all) throws InterruptedException {
        var details = new HashMap<Position, Detail>();
        all.forEach(each -> details.putIfAbsent(each.position(), each.detail()));
        while (true) {
            try {
                store.details().settle(details);
                return;
            } catch (StoreException e) {
                log.warn("Details could not be stored and are tried again: {}", e.getMessage());
                if (stopped.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        }
    }

    private void pause(Duration length) {
        try {
            if (stopped.await(length.toMillis(), TimeUnit.MILLISECONDS)) {
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

package dev.tidemark.subscriber.connection;

import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/// Hands out the turns of a connection: the most urgent first, among equals the one that came first. Who has
/// an obstacle is sent away instead of waiting. Safe for use by many threads.
final class RequestScheduler {
    private final TokenBucket bucket;
    private final AdaptiveConcurrencyLimit width;
    private final Function<Optional<MailboxAddress>, Optional<SubscriptionOutcome>> obstacles;
    private final Clock clock;
    private final MonotonicTicker ticker;
    private final PriorityQueue<Waiter> waiting =
            new PriorityQueue<>(Comparator.comparing(Waiter::priority).thenComparingLong(Waiter::number));
    private final Map<RequestPriority, Integer> waitingBy = new EnumMap<>(RequestPriority.class);
    private int underWay;
    private long number;
    private boolean alarmed;
    private boolean singleFile;

    /// `obstacles` says why nothing is to be sent now for a mailbox, or for none in particular.
    RequestScheduler(
            ConnectionLimits limits,
            Function<Optional<MailboxAddress>, Optional<SubscriptionOutcome>> obstacles,
            Clock clock,
            MonotonicTicker ticker) {
        this.bucket = new TokenBucket(limits.requestsPerSecond(), ticker);
        this.width = new AdaptiveConcurrencyLimit(limits.concurrency());
        this.obstacles = obstacles;
        this.clock = clock;
        this.ticker = ticker;
    }

    /// A granted turn, or why there is none. `startedUnder` is the width it was granted under.
    record Permit(Optional<SubscriptionOutcome> obstacle, int startedUnder) {}

    private record Waiter(
            RequestPriority priority,
            long number,
            Optional<MailboxAddress> mailbox,
            CountDownLatch called,
            Answer answer) {}

    /// Written before the latch opens.
    private static final class Answer {
        private Optional<Permit> pass = Optional.empty();
    }

    /// How it stands: under way, allowed at once, and waiting by priority.
    record QueueLevels(int underWay, int allowed, Map<RequestPriority, Integer> waiting) {}

    /// Waits for a turn. One that is granted is given back by [#leave].
    Permit acquire(RequestPriority priority, Optional<MailboxAddress> mailbox) throws InterruptedException {
        var waiter = enqueue(priority, mailbox);
        try {
            waiter.called().await();
        } catch (InterruptedException e) {
            cancel(waiter);
            throw e;
        }
        return waiter.answer().pass.orElseThrow();
    }

    synchronized void release() {
        underWay--;
        dispatch();
    }

    /// Has everybody looked at who waits: an obstacle may have come up.
    synchronized void recheckQueue() {
        dispatch();
    }

    /// A request that was granted under this width was one too many. Returns the new width, if it changed.
    synchronized Optional<Integer> reduceLimit(int startedUnder) {
        return width.reduce(startedUnder, clock.instant()) ? Optional.of(width.current()) : Optional.empty();
    }

    /// A request was answered. Returns the new width, if it changed.
    synchronized Optional<Integer> raiseLimitIfDue() {
        return width.raiseIfDue(clock.instant()) ? Optional.of(width.current()) : Optional.empty();
    }

    /// One at a time for now, because each may do harm, or as many as the width allows again.
    synchronized void setSequential(boolean yes) {
        if (singleFile != yes) {
            singleFile = yes;
            dispatch();
        }
    }

    synchronized QueueLevels levels() {
        return new QueueLevels(underWay, currentLimit(), new EnumMap<>(waitingBy));
    }

    private synchronized Waiter enqueue(RequestPriority priority, Optional<MailboxAddress> mailbox) {
        var waiter = new Waiter(priority, number++, mailbox, new CountDownLatch(1), new Answer());
        waiting.add(waiter);
        waitingBy.merge(priority, 1, Integer::sum);
        dispatch();
        return waiter;
    }

    private synchronized void cancel(Waiter waiter) {
        if (waiting.remove(waiter)) {
            waitingBy.merge(waiter.priority(), -1, Integer::sum);
        } else if (waiter.answer().pass.orElseThrow().obstacle().isEmpty()) {
            release();
        }
    }

    private void dispatch() {
        for (var first = waiting.peek(); first != null; first = waiting.peek()) {
            var obstacle = obstacles.apply(first.mailbox());
            if (obstacle.isEmpty() && !mayStart()) {
                return;
            }
            if (obstacle.isEmpty()) {
                underWay++;
            }
            answer(first, new Permit(obstacle, width.reductions()));
        }
    }

    private boolean mayStart() {
        if (underWay >= currentLimit()) {
            return false;
        }
        var wait = bucket.acquireOrDelay();
        if (wait.isPositive()) {
            scheduleDispatch(wait);
        }
        return !wait.isPositive();
    }

    private int currentLimit() {
        return singleFile ? 1 : width.current();
    }

    private void answer(Waiter waiter, Permit pass) {
        waiting.remove();
        waitingBy.merge(waiter.priority(), -1, Integer::sum);
        waiter.answer().pass = Optional.of(pass);
        waiter.called().countDown();
    }

    private void scheduleDispatch(Duration wait) {
        if (!alarmed) {
            alarmed = true;
            ticker.schedule(wait, this::onTimer);
        }
    }

    private synchronized void onTimer() {
        alarmed = false;
        dispatch();
    }
}

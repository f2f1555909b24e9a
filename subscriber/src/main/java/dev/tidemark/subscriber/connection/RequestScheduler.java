package dev.tidemark.subscriber.connection;

import dev.tidemark.http.TokenBucket;
import dev.tidemark.subscriber.config.ConnectionLimits;
import dev.tidemark.values.MailboxAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;

/// Grants the permits of one connection by priority, then in order of arrival. Returns callers with an obstacle
/// at once instead of letting them wait. [ConnectionGate] calls it on the sending threads. Thread-safe.
final class RequestScheduler {
    private final ObstacleCheck obstacles;
    private final Clock clock;
    private final MonotonicTicker ticker;
    private final PriorityQueue<Waiter> waiting =
            new PriorityQueue<>(Comparator.comparing(Waiter::priority).thenComparingLong(Waiter::number));
    private final Map<RequestPriority, Integer> waitingByPriority = new EnumMap<>(RequestPriority.class);
    private TokenBucket bucket;
    private AdaptiveConcurrencyLimit limit;
    private ConnectionLimits limits;
    private int inFlight;
    private long number;
    private boolean timerSet;
    private boolean sequential;

    /// Creates a scheduler with the limits of a connection.
    RequestScheduler(ConnectionLimits limits, ObstacleCheck obstacles, Clock clock, MonotonicTicker ticker) {
        this.limits = limits;
        this.bucket = new TokenBucket(limits.requestsPerSecond(), Duration.ZERO);
        this.limit = new AdaptiveConcurrencyLimit(limits.concurrency());
        this.obstacles = obstacles;
        this.clock = clock;
        this.ticker = ticker;
    }

    /// Returns the reason not to send now for a mailbox, or for requests without a mailbox. Called under the lock
    /// of the scheduler, so it must not block.
    @FunctionalInterface
    interface ObstacleCheck {
        Optional<SubscriptionOutcome> obstacle(Optional<MailboxAddress> mailbox);
    }

    /// Granted permit, or the obstacle to it. `reductionsAtStart` identifies the concurrency limit it was
    /// granted under.
    record Permit(Optional<SubscriptionOutcome> obstacle, int reductionsAtStart) {}

    private record Waiter(
            RequestPriority priority,
            long number,
            Optional<MailboxAddress> mailbox,
            CountDownLatch answered,
            Answer answer) {}

    /// written before the latch opens
    private static final class Answer {
        private Optional<Permit> permit = Optional.empty();
    }

    /// Requests in flight, current concurrency limit, and waiting requests by priority.
    record QueueLevels(int inFlight, int allowed, Map<RequestPriority, Integer> waiting) {}

    /// Waits for a permit or an obstacle. The caller returns a granted permit by [#release].
    Permit acquire(RequestPriority priority, Optional<MailboxAddress> mailbox) throws InterruptedException {
        var waiter = enqueue(priority, mailbox);
        try {
            waiter.answered().await();
        } catch (InterruptedException e) {
            cancel(waiter);
            throw e;
        }
        return waiter.answer().permit.orElseThrow();
    }

    synchronized void release() {
        inFlight--;
        dispatch();
    }

    /// Checks all waiting callers again, because an obstacle may have appeared.
    synchronized void recheckQueue() {
        dispatch();
    }

    /// Reduces the concurrency limit after a request was one too many. Returns the new limit, if it changed.
    synchronized Optional<Integer> reduceLimit(int reductionsAtStart) {
        return limit.reduce(reductionsAtStart, clock.instant()) ? Optional.of(limit.current()) : Optional.empty();
    }

    /// Raises the concurrency limit after a success, if it is time. Returns the new limit, if it changed.
    synchronized Optional<Integer> raiseLimitIfDue() {
        return limit.raiseIfDue(clock.instant()) ? Optional.of(limit.current()) : Optional.empty();
    }

    /// Limits the connection to one request at a time while each may do harm, or restores the concurrency limit.
    synchronized void setSequential(boolean enable) {
        if (sequential != enable) {
            sequential = enable;
            dispatch();
        }
    }

    /// Applies changed limits to waiting and later requests.
    synchronized void setLimits(ConnectionLimits next) {
        if (next.requestsPerSecond() != limits.requestsPerSecond()) {
            bucket = new TokenBucket(next.requestsPerSecond(), Duration.ZERO);
        }
        if (next.concurrency() != limits.concurrency()) {
            limit = new AdaptiveConcurrencyLimit(next.concurrency());
        }
        limits = next;
        dispatch();
    }

    synchronized QueueLevels levels() {
        return new QueueLevels(inFlight, currentLimit(), new EnumMap<>(waitingByPriority));
    }

    private synchronized Waiter enqueue(RequestPriority priority, Optional<MailboxAddress> mailbox) {
        var waiter = new Waiter(priority, number++, mailbox, new CountDownLatch(1), new Answer());
        waiting.add(waiter);
        waitingByPriority.merge(priority, 1, Integer::sum);
        dispatch();
        return waiter;
    }

    private synchronized void cancel(Waiter waiter) {
        if (waiting.remove(waiter)) {
            waitingByPriority.merge(waiter.priority(), -1, Integer::sum);
        } else if (waiter.answer().permit.orElseThrow().obstacle().isEmpty()) {
            release();
        }
    }

    private void dispatch() {
        for (var first = waiting.peek(); first != null; first = waiting.peek()) {
            var obstacle = obstacles.obstacle(first.mailbox());
            if (obstacle.isEmpty() && !mayStart()) {
                return;
            }
            if (obstacle.isEmpty()) {
                inFlight++;
            }
            answer(first, new Permit(obstacle, limit.reductions()));
        }
    }

    private boolean mayStart() {
        if (inFlight >= currentLimit()) {
            return false;
        }
        var now = monotonicNow();
        if (!bucket.allows(now)) {
            scheduleDispatch(Duration.between(now, bucket.nextAllowedAt()));
            return false;
        }
        bucket.take(1, now);
        return true;
    }

    /// Returns an instant with an arbitrary origin, which changes of the system clock do not move.
    private Instant monotonicNow() {
        return Instant.EPOCH.plusNanos(ticker.nanoTime());
    }

    private int currentLimit() {
        return sequential ? 1 : limit.current();
    }

    private void answer(Waiter waiter, Permit permit) {
        waiting.remove();
        waitingByPriority.merge(waiter.priority(), -1, Integer::sum);
        waiter.answer().permit = Optional.of(permit);
        waiter.answered().countDown();
    }

    private void scheduleDispatch(Duration wait) {
        if (!timerSet) {
            timerSet = true;
            ticker.schedule(wait, this::onTimer);
        }
    }

    private synchronized void onTimer() {
        timerSet = false;
        dispatch();
    }
}

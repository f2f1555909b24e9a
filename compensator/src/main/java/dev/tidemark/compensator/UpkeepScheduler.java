package dev.tidemark.compensator;

import dev.tidemark.compensator.CompensatorCounters.UpkeepCounters;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Schedules low-priority syncs: snapshots of new mailboxes, and refreshes of aging sync states. A sync state
/// must not outlive the journal, because only the journal separates new deletions from old ones. The upkeep
/// thread calls [#tick]; worker threads run the syncs.
final class UpkeepScheduler {
    private static final Logger log = LoggerFactory.getLogger(UpkeepScheduler.class);

    /// Refreshes the sync states of one mailbox, and blocks until the result is known. Called by many threads.
    @FunctionalInterface
    interface MailboxRefresher {
        SubscriptionOutcome refresh(MailboxId mailbox);
    }

    /// Limit for parallel syncs; all other work precedes them anyway.
    private static final int MAX_IN_FLIGHT = 8;

    private static final Duration AGING_CHECK_INTERVAL = Duration.ofMinutes(10);

    /// Delay before the next try after an unsuccessful sync.
    private static final Duration RETRY_DELAY = Duration.ofSeconds(30);

    private final WatermarkStore store;
    private final MailboxRefresher refresher;
    private final Duration retention;
    private final Executor executor;
    private final Clock clock;
    private final Set<MailboxId> aging = new LinkedHashSet<>();
    private final Set<MailboxId> inFlight = ConcurrentHashMap.newKeySet();
    private final Map<MailboxId, Instant> retryAt = new ConcurrentHashMap<>();
    private final AtomicLong done = new AtomicLong();
    private Instant lastAgingCheckAt = Instant.EPOCH;
    /// written by the upkeep thread, read by all
    private volatile int snapshots;
    private volatile int agingCount;

    /// Creates a scheduler.
    ///
    /// @param refresher refreshes one mailbox; blocks until it has ended
    UpkeepScheduler(
            WatermarkStore store, MailboxRefresher refresher, Duration retention, Executor executor, Clock clock) {
        this.store = store;
        this.refresher = refresher;
        this.retention = retention;
        this.executor = executor;
        this.clock = clock;
    }

    /// Starts syncs up to the limit. Any thread runs `wake` when another may start.
    void tick(Runnable wake) {
        var now = clock.instant();
        findAging(now);
        retryAt.values().removeIf(until -> !until.isAfter(now));
        // a sync state expires, a snapshot does not
        List.copyOf(aging).forEach(id -> start(id, wake));
        var pending = store.mailboxes().withPendingWork().stream()
                .filter(id -> store.mailboxes()
                        .find(id)
                        .flatMap(Mailbox::snapshotSince)
                        .isPresent())
                .toList();
        pending.forEach(id -> start(id, wake));
        snapshots = pending.size();
        agingCount = aging.size();
    }

    UpkeepCounters counters() {
        return new UpkeepCounters(snapshots, agingCount, inFlight.size(), done.get());
    }

    /// Finds sync states at half of their lifetime, so that a day of failures does no harm.
    private void findAging(Instant now) {
        if (Duration.between(lastAgingCheckAt, now).abs().compareTo(AGING_CHECK_INTERVAL) < 0) {
            return;
        }
        lastAgingCheckAt = now;
        aging.clear();
        aging.addAll(store.resyncs().withStatesBefore(now.minus(retention.dividedBy(2))));
    }

    private void start(MailboxId id, Runnable wake) {
        if (inFlight.size() >= MAX_IN_FLIGHT || retryAt.containsKey(id) || !isIdle(id) || !inFlight.add(id)) {
            return;
        }
        aging.remove(id);
        executor.execute(() -> {
            try {
                onOutcome(id, refresher.refresh(id));
            } catch (RuntimeException e) {
                log.warn("Failed to refresh the sync states of {}; retrying in {} s", id, RETRY_DELAY.toSeconds(), e);
                retryAt.put(id, clock.instant().plus(RETRY_DELAY));
            } finally {
                inFlight.remove(id);
                wake.run();
            }
        });
    }

    /// Returns true if no compensation or resync of the mailbox reads its folders.
    private boolean isIdle(MailboxId id) {
        return store.mailboxes()
                .find(id)
                .filter(mailbox -> mailbox.state() instanceof MailboxState.Active
                        && mailbox.due().isEmpty()
                        && mailbox.resyncSince().isEmpty())
                .isPresent();
    }

    private void onOutcome(MailboxId id, SubscriptionOutcome outcome) {
        switch (outcome) {
            case SubscriptionOutcome.Resynced refreshed -> {
                done.incrementAndGet();
                log.debug("Refreshed the sync states of {}: {}", id, refreshed.count());
            }
            case SubscriptionOutcome.RetryAt retry -> retryAt.put(id, retry.at());
            case SubscriptionOutcome.Subscribed ignored -> scheduleRetry(id);
            case SubscriptionOutcome.Failed ignored -> scheduleRetry(id);
            case SubscriptionOutcome.Skipped ignored -> scheduleRetry(id);
        }
    }

    private void scheduleRetry(MailboxId id) {
        retryAt.put(id, clock.instant().plus(RETRY_DELAY));
    }
}

package dev.tidemark.compensator;

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
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has mailboxes looked over that are in no hurry: those whose sync states would outlive the journal, by which
/// alone deletions can be told from old ones, and those that owe a snapshot. [#tick] is called by one thread
/// at a time.
final class UpkeepScheduler {
    private static final Logger log = LoggerFactory.getLogger(UpkeepScheduler.class);

    /// Few at once: whatever else is to be done goes before them anyway.
    private static final int AT_ONCE = 8;

    private static final Duration LOOK_FOR_OLD_EVERY = Duration.ofMinutes(10);

    /// How long a mailbox rests whose look came to nothing.
    private static final Duration REST = Duration.ofSeconds(30);

    private final WatermarkStore store;
    private final Function<MailboxId, SubscriptionOutcome> lookOver;
    private final Duration retention;
    private final Executor executor;
    private final Clock clock;
    private final Set<MailboxId> aging = new LinkedHashSet<>();
    private final Set<MailboxId> underWay = ConcurrentHashMap.newKeySet();
    private final Map<MailboxId, Instant> resting = new ConcurrentHashMap<>();
    private final AtomicLong done = new AtomicLong();
    private Instant lookedForOldAt = Instant.EPOCH;
    /// read by others
    private volatile int snapshots;
    private volatile int old;

    /// @param lookOver blocks until a mailbox has been looked over, or could not be
    UpkeepScheduler(
            WatermarkStore store,
            Function<MailboxId, SubscriptionOutcome> lookOver,
            Duration retention,
            Executor executor,
            Clock clock) {
        this.store = store;
        this.lookOver = lookOver;
        this.retention = retention;
        this.executor = executor;
        this.clock = clock;
    }

    /// Starts what may be started. `wake` is run, by any thread, when there may be room for more.
    void tick(Runnable wake) {
        var now = clock.instant();
        findOld(now);
        resting.values().removeIf(until -> !until.isAfter(now));
        // a sync state has a term, a snapshot has none
        List.copyOf(aging).forEach(id -> start(id, wake));
        var owed = store.mailboxes().withPendingWork().stream()
                .filter(id -> store.mailboxes()
                        .find(id)
                        .flatMap(Mailbox::snapshotSince)
                        .isPresent())
                .toList();
        owed.forEach(id -> start(id, wake));
        snapshots = owed.size();
        old = aging.size();
    }

    UpkeepCounters counters() {
        return new UpkeepCounters(snapshots, old, underWay.size(), done.get());
    }

    /// States are taken anew at half their time, so that a bad day costs nothing.
    private void findOld(Instant now) {
        if (Duration.between(lookedForOldAt, now).abs().compareTo(LOOK_FOR_OLD_EVERY) < 0) {
            return;
        }
        lookedForOldAt = now;
        aging.clear();
        aging.addAll(store.resyncs().withStatesBefore(now.minus(retention.dividedBy(2))));
    }

    private void start(MailboxId id, Runnable wake) {
        if (underWay.size() >= AT_ONCE || resting.containsKey(id) || !isAtPeace(id) || !underWay.add(id)) {
            return;
        }
        aging.remove(id);
        executor.execute(() -> {
            try {
                ended(id, lookOver.apply(id));
            } catch (RuntimeException e) {
                log.warn("{} could not be looked over; it is tried again", id, e);
                resting.put(id, clock.instant().plus(REST));
            } finally {
                underWay.remove(id);
                wake.run();
            }
        });
    }

    /// Others have somebody who looks at their folders, or will have.
    private boolean isAtPeace(MailboxId id) {
        return store.mailboxes()
                .find(id)
                .filter(mailbox -> mailbox.state() instanceof MailboxState.Active
                        && mailbox.due().isEmpty()
                        && mailbox.resyncSince().isEmpty())
                .isPresent();
    }

    private void ended(MailboxId id, SubscriptionOutcome outcome) {
        switch (outcome) {
            case SubscriptionOutcome.Resynced found -> {
                done.incrementAndGet();
                log.debug("{} has been looked over: {}", id, found.count());
            }
            case SubscriptionOutcome.RetryAt retry -> resting.put(id, retry.at());
            case SubscriptionOutcome.Subscribed ignored -> rest(id);
            case SubscriptionOutcome.Failed ignored -> rest(id);
            case SubscriptionOutcome.Skipped ignored -> rest(id);
        }
    }

    private void rest(MailboxId id) {
        resting.put(id, clock.instant().plus(REST));
    }
}

package dev.tidemark.subscriber;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Runs jobs of mailboxes on the calling thread, one at a time per mailbox. Skips mailboxes that are paused,
/// removed or without a configured group. Thread-safe.
final class MailboxJobRunner {
    private final ConnectionGates gates;
    private final WatermarkStore store;
    private final MailboxLockRegistry locks = new MailboxLockRegistry();
    private volatile Map<String, GroupSubscriptionConfig> groups;

    public MailboxJobRunner(List<GroupSubscriptionConfig> groups, ConnectionGates gates, WatermarkStore store) {
        this.groups = byName(groups);
        this.gates = gates;
        this.store = store;
    }

    private static Map<String, GroupSubscriptionConfig> byName(List<GroupSubscriptionConfig> groups) {
        return groups.stream().collect(Collectors.toMap(GroupSubscriptionConfig::name, Function.identity()));
    }

    /// Uses these groups for later jobs.
    void setGroups(List<GroupSubscriptionConfig> next) {
        groups = byName(next);
    }

    /// Work of a job, run while the caller holds the lock of the mailbox.
    @FunctionalInterface
    public interface Step<T> {
        T run(Mailbox mailbox, MailboxJob job) throws InterruptedException;
    }

    /// Converts the reason for a skipped job to the result type of the caller.
    @FunctionalInterface
    public interface SkippedResult<T> {
        T of(SubscriptionOutcome reason);
    }

    /// Returns the names of the configured groups.
    Set<String> groups() {
        return Set.copyOf(groups.keySet());
    }

    public Optional<GroupSubscriptionConfig> plan(String group) {
        return Optional.ofNullable(groups.get(group));
    }

    public MailboxLockRegistry locks() {
        return locks;
    }

    /// Returns a job without locking the mailbox, for work that may run in parallel.
    public Optional<MailboxJob> job(MailboxId id, SubscribeReason reason) {
        return store.mailboxes()
                .find(id)
                .filter(mailbox -> !(mailbox.state() instanceof MailboxState.Paused))
                .flatMap(mailbox -> job(mailbox, reason));
    }

    private Optional<MailboxJob> job(Mailbox mailbox, SubscribeReason reason) {
        var plan = plan(mailbox.membership().group());
        var gate = plan.flatMap(each -> gates.find(each.connection()));
        return gate.map(found -> MailboxJob.of(mailbox, plan.orElseThrow(), found, reason));
    }

    /// Runs `step` after any other job of the mailbox.
    public <T> T run(MailboxId id, SubscribeReason reason, SkippedResult<T> skipped, Step<T> step) {
        try {
            locks.lock(id);
            return runLocked(id, reason, skipped, step);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return skipped.of(new SubscriptionOutcome.Skipped("the thread was interrupted"));
        }
    }

    /// Runs `step` unless another job holds the mailbox. A later job interrupts it if it sends its requests by
    /// [MailboxRequestSender#preemptible].
    public <T> T runPreemptibly(MailboxId id, SubscribeReason reason, SkippedResult<T> skipped, Step<T> step) {
        if (!locks.tryLock(id)) {
            return skipped.of(new SubscriptionOutcome.Skipped("another job is running for this mailbox"));
        }
        try {
            return runLocked(id, reason, skipped, step);
        } catch (InterruptedException e) {
            return skipped.of(new SubscriptionOutcome.Skipped("a more urgent job needs this mailbox"));
        }
    }

    private <T> T runLocked(MailboxId id, SubscribeReason reason, SkippedResult<T> skipped, Step<T> step)
            throws InterruptedException {
        try {
            var mailbox = store.mailboxes().find(id);
            if (mailbox.isEmpty() || mailbox.get().state() instanceof MailboxState.Paused) {
                return skipped.of(new SubscriptionOutcome.Skipped("the mailbox is paused or removed"));
            }
            var job = job(mailbox.get(), reason);
            return job.isPresent()
                    ? step.run(mailbox.get(), job.get())
                    : skipped.of(new SubscriptionOutcome.Skipped("its group is no longer configured"));
        } finally {
            locks.unlock(id);
        }
    }
}

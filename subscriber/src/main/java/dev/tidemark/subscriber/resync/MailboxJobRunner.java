package dev.tidemark.subscriber.resync;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.connection.ConnectionGate;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Who may be worked on, by which way, and by one at a time. Safe for use by many threads.
public final class MailboxJobRunner {
    private final Map<String, GroupSubscriptionConfig> groups;
    private final Map<String, ConnectionGate> gates;
    private final WatermarkStore store;
    private final MailboxLockRegistry oneAtATime = new MailboxLockRegistry();

    public MailboxJobRunner(
            List<GroupSubscriptionConfig> groups, Map<String, ConnectionGate> gates, WatermarkStore store) {
        this.groups = groups.stream().collect(Collectors.toMap(GroupSubscriptionConfig::name, Function.identity()));
        this.gates = gates;
        this.store = store;
    }

    /// What is done with a mailbox that may be worked on.
    @FunctionalInterface
    public interface Step<T> {
        T run(Mailbox mailbox, MailboxJob job) throws InterruptedException;
    }

    public Optional<GroupSubscriptionConfig> plan(String group) {
        return Optional.ofNullable(groups.get(group));
    }

    public MailboxLockRegistry locks() {
        return oneAtATime;
    }

    /// The job as it would be now, for work that nobody has to be kept from.
    public Optional<MailboxJob> job(MailboxId id, SubscribeReason reason) {
        return store.mailboxes()
                .find(id)
                .filter(mailbox -> !(mailbox.state() instanceof MailboxState.Paused))
                .flatMap(mailbox -> job(mailbox, reason));
    }

    private Optional<MailboxJob> job(Mailbox mailbox, SubscribeReason reason) {
        var plan = plan(mailbox.membership().group());
        var gate = plan.flatMap(each -> Optional.ofNullable(gates.get(each.connection())));
        return gate.map(way -> MailboxJob.of(mailbox, plan.orElseThrow(), way, reason));
    }

    /// Waits for whoever else has the mailbox.
    public <T> T run(MailboxId id, SubscribeReason reason, Function<SubscriptionOutcome, T> not, Step<T> step) {
        try {
            oneAtATime.lock(id);
            return runLocked(id, reason, not, step);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return not.apply(new SubscriptionOutcome.Skipped("it was interrupted"));
        }
    }

    /// For work that can wait: is nothing while somebody else has the mailbox, and steps aside for whoever
    /// wants it, if it asks Exchange by an [MailboxRequestSender#preemptible].
    public <T> T runPreemptibly(MailboxId id, SubscribeReason reason, Function<SubscriptionOutcome, T> not, Step<T> step) {
        if (!oneAtATime.tryLock(id)) {
            return not.apply(new SubscriptionOutcome.Skipped("somebody else works on it"));
        }
        try {
            return runLocked(id, reason, not, step);
        } catch (InterruptedException e) {
            return not.apply(new SubscriptionOutcome.Skipped("something more urgent came up"));
        }
    }

    private <T> T runLocked(MailboxId id, SubscribeReason reason, Function<SubscriptionOutcome, T> not, Step<T> step)
            throws InterruptedException {
        try {
            var mailbox = store.mailboxes().find(id);
            if (mailbox.isEmpty() || mailbox.get().state() instanceof MailboxState.Paused) {
                return not.apply(new SubscriptionOutcome.Skipped("the mailbox is paused or removed"));
            }
            var job = job(mailbox.get(), reason);
            return job.isPresent()
                    ? step.run(mailbox.get(), job.get())
                    : not.apply(new SubscriptionOutcome.Skipped("its group is no longer configured"));
        } finally {
            oneAtATime.unlock(id);
        }
    }
}

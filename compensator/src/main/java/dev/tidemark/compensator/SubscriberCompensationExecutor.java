package dev.tidemark.compensator;

import dev.tidemark.store.SubscriptionStore;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import java.time.Clock;
import java.util.Optional;

/// Carries out repairs through [MailboxSubscriber]. Records a lost subscription in the journal before it
/// repairs it. Suspends push after too many losses. Called by worker threads. Thread-safe.
final class SubscriberCompensationExecutor implements CompensationExecutor {
    /// Receives each mailbox whose push is suspended, on the thread of the repair.
    @FunctionalInterface
    interface PushSuspensionListener {
        void onPushSuspended(MailboxId mailbox);
    }

    private static final SubscriptionOutcome PUSH_SUSPENDED =
            new SubscriptionOutcome.Skipped("push does not work for it");

    private final MailboxSubscriber subscriber;
    private final WatermarkStore store;
    private final SubscriptionStore subscriptions;
    private final FallbackPolicy fallbackPolicy;
    private final PushSuspensionListener suspensionListener;
    private final Clock clock;

    /// Creates an executor.
    ///
    /// @param suspensionListener receives each mailbox whose push is suspended
    SubscriberCompensationExecutor(
            MailboxSubscriber subscriber,
            WatermarkStore store,
            FallbackPolicy fallback,
            PushSuspensionListener suspensionListener,
            Clock clock) {
        this.subscriber = subscriber;
        this.store = store;
        this.subscriptions = store.subscriptions();
        this.fallbackPolicy = fallback;
        this.suspensionListener = suspensionListener;
        this.clock = clock;
    }

    @Override
    public SubscriptionOutcome execute(CompensationPlanner.PlannedAction need, RepairOrigin origin) {
        return switch (origin) {
            case SWEEP -> repair(need);
            case OPERATOR -> subscriber.runIgnoringBackoff(need.mailbox().id(), () -> repair(need));
        };
    }

    private SubscriptionOutcome repair(CompensationPlanner.PlannedAction need) {
        var mailbox = need.mailbox();
        return switch (need.action()) {
            case CompensationAction.Resubscribe action -> {
                yield suspendsPush(need, action.reason())
                        ? PUSH_SUSPENDED
                        : subscriber.subscribe(mailbox.id(), action.reason());
            }
            case CompensationAction.ResubscribeAndResync action -> {
                yield suspendsPush(need, action.reason())
                        ? PUSH_SUSPENDED
                        : subscriber.resync(mailbox.id(), action.reason());
            }
            case CompensationAction.ResumeResync action -> subscriber.resync(mailbox.id(), action.reason());
            case CompensationAction.WaitUntil ignored -> new SubscriptionOutcome.Skipped("no repair is needed");
            case CompensationAction.Blocked ignored -> new SubscriptionOutcome.Skipped("no repair is needed");
        };
    }

    /// Records the loss of the subscription. After too many losses, suspends push, so that another transport
    /// takes over. Returns true if push is suspended now.
    private boolean suspendsPush(CompensationPlanner.PlannedAction need, SubscribeReason reason) {
        var mailbox = need.mailbox();
        if (reason != SubscribeReason.SILENCE || mailbox.degraded().isPresent()) {
            return false;
        }
        var groupConfig = subscriber.plan(mailbox.membership().group());
        reportLoss(need, groupConfig);
        var suspended = store.mailboxes()
                .find(mailbox.id())
                .filter(lost -> groupConfig.isPresent()
                        && fallbackPolicy.shouldSuspendPush(
                                lost, groupConfig.get().statusFrequency()));
        suspended.map(Mailbox::id).ifPresent(id -> {
            store.fallbacks()
                    .degrade(
                            id,
                            fallbackPolicy.config().transport().label(),
                            MissingCallbackDescriber.neverCalled(suspended.get(), groupConfig.get()));
            suspensionListener.onPushSuspended(id);
        });
        return suspended.isPresent();
    }

    private void reportLoss(CompensationPlanner.PlannedAction need, Optional<GroupSubscriptionConfig> groupConfig) {
        var mailbox = need.mailbox();
        if (mailbox.state() instanceof MailboxState.Silent) {
            return;
        }
        var cause = need.silenceCause();
        var next = new PendingCompensation(SubscribeReason.SILENCE, clock.instant(), false, cause);
        var explanation = groupConfig
                .filter(ignored -> !mailbox.calledBack())
                .map(each -> MissingCallbackDescriber.neverCalled(mailbox, each))
                .orElseGet(() -> MissingCallbackDescriber.silentSince(mailbox));
        subscriptions.recordLoss(mailbox.id(), cause, explanation, next);
    }
}

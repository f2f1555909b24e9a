package dev.tidemark.compensator;

import dev.tidemark.store.SubscriptionStore;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.subscriber.MailboxSubscriber;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.subscriber.resync.GroupSubscriptionConfig;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/// Mends by the subscriber's hand, and has the journal say first that a subscription was lost.
final class SubscriberCompensationExecutor implements CompensationExecutor {
    private static final SubscriptionOutcome PUSH_SUSPENDED = new SubscriptionOutcome.Skipped("push does not work for it");

    private final MailboxSubscriber subscriber;
    private final WatermarkStore store;
    private final SubscriptionStore subscriptions;
    private final FallbackPolicy fallbackPolicy;
    private final Consumer<MailboxId> suspensionListener;
    private final Clock clock;

    /// @param givenUp is told of each mailbox whose push is given up
    SubscriberCompensationExecutor(
            MailboxSubscriber subscriber,
            WatermarkStore store,
            FallbackPolicy fallback,
            Consumer<MailboxId> givenUp,
            Clock clock) {
        this.subscriber = subscriber;
        this.store = store;
        this.subscriptions = store.subscriptions();
        this.fallbackPolicy = fallback;
        this.suspensionListener = givenUp;
        this.clock = clock;
    }

    @Override
    public SubscriptionOutcome execute(CompensationPlanner.PlannedAction finding) {
        var mailbox = finding.mailbox();
        return switch (finding.remedy()) {
            case CompensationAction.Resubscribe remedy -> {
                yield suspendsPush(finding, remedy.reason())
                        ? PUSH_SUSPENDED
                        : subscriber.subscribe(mailbox.id(), remedy.reason());
            }
            case CompensationAction.ResubscribeAndResync remedy -> {
                yield suspendsPush(finding, remedy.reason()) ? PUSH_SUSPENDED : subscriber.resync(mailbox.id(), remedy.reason());
            }
            case CompensationAction.ResumeResync remedy -> subscriber.resync(mailbox.id(), remedy.reason());
            case CompensationAction.WaitUntil ignored -> new SubscriptionOutcome.Skipped("there is nothing to mend");
            case CompensationAction.Blocked ignored -> new SubscriptionOutcome.Skipped("there is nothing to mend");
        };
    }

    @Override
    public SubscriptionOutcome executeForOperator(CompensationPlanner.PlannedAction finding) {
        return subscriber.letThrough(finding.mailbox().id(), () -> execute(finding));
    }

    /// Has a loss journalled. Where it was one too many, push is given up, and another transport takes over.
    private boolean suspendsPush(CompensationPlanner.PlannedAction finding, SubscribeReason reason) {
        var mailbox = finding.mailbox();
        if (reason != SubscribeReason.SILENCE || mailbox.degraded().isPresent()) {
            return false;
        }
        var plan = subscriber.plan(mailbox.membership().group());
        reportLoss(finding, plan);
        var given = store.mailboxes()
                .find(mailbox.id())
                .filter(lost -> plan.isPresent()
                        && fallbackPolicy.shouldSuspendPush(lost, plan.get().statusFrequency()));
        given.map(Mailbox::id).ifPresent(id -> {
            store.fallbacks()
                    .degrade(
                            id,
                            fallbackPolicy.config().transport().label(),
                            MissingCallbackDescriber.neverCalled(given.get(), plan.get()));
            suspensionListener.accept(id);
        });
        return given.isPresent();
    }

    private void reportLoss(CompensationPlanner.PlannedAction finding, Optional<GroupSubscriptionConfig> plan) {
        var mailbox = finding.mailbox();
        if (mailbox.state() instanceof MailboxState.Silent) {
            return;
        }
        var cause = finding.sign();
        var next = new PendingCompensation(SubscribeReason.SILENCE, clock.instant(), false, cause);
        var explanation = plan.filter(ignored -> !mailbox.calledBack())
                .map(each -> MissingCallbackDescriber.neverCalled(mailbox, each))
                .orElseGet(() -> MissingCallbackDescriber.silentSince(mailbox));
        subscriptions.lost(mailbox.id(), cause, explanation, next);
    }
}

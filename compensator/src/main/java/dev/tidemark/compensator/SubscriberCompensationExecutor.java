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
    private static final SubscriptionOutcome GIVEN_UP = new SubscriptionOutcome.Skipped("push does not work for it");

    private final MailboxSubscriber subscriber;
    private final WatermarkStore store;
    private final SubscriptionStore subscriptions;
    private final FallbackPolicy fallback;
    private final Consumer<MailboxId> givenUp;
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
        this.fallback = fallback;
        this.givenUp = givenUp;
        this.clock = clock;
    }

    @Override
    public SubscriptionOutcome mend(CompensationPlanner.PlannedAction finding) {
        var mailbox = finding.mailbox();
        return switch (finding.remedy()) {
            case CompensationAction.Resubscribe remedy -> {
                yield isGivenUp(finding, remedy.reason())
                        ? GIVEN_UP
                        : subscriber.subscribe(mailbox.id(), remedy.reason());
            }
            case CompensationAction.SubscribeAfreshAndResync remedy -> {
                yield isGivenUp(finding, remedy.reason()) ? GIVEN_UP : subscriber.resync(mailbox.id(), remedy.reason());
            }
            case CompensationAction.ResumeResync remedy -> subscriber.resync(mailbox.id(), remedy.reason());
            case CompensationAction.NothingUntil ignored -> new SubscriptionOutcome.Skipped("there is nothing to mend");
            case CompensationAction.GiveUp ignored -> new SubscriptionOutcome.Skipped("there is nothing to mend");
        };
    }

    @Override
    public SubscriptionOutcome mendAsked(CompensationPlanner.PlannedAction finding) {
        return subscriber.letThrough(finding.mailbox().id(), () -> mend(finding));
    }

    /// Has a loss journalled. Where it was one too many, push is given up, and another transport takes over.
    private boolean isGivenUp(CompensationPlanner.PlannedAction finding, SubscribeReason reason) {
        var mailbox = finding.mailbox();
        if (reason != SubscribeReason.SILENCE || mailbox.degraded().isPresent()) {
            return false;
        }
        var plan = subscriber.plan(mailbox.membership().group());
        reportLoss(finding, plan);
        var given = store.mailboxes()
                .find(mailbox.id())
                .filter(lost -> plan.isPresent()
                        && fallback.givesPushUp(lost, plan.get().statusFrequency()));
        given.map(Mailbox::id).ifPresent(id -> {
            store.fallbacks()
                    .degrade(
                            id,
                            fallback.config().transport().label(),
                            CallbackDoubt.neverCalled(given.get(), plan.get()));
            givenUp.accept(id);
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
                .map(each -> CallbackDoubt.neverCalled(mailbox, each))
                .orElseGet(() -> CallbackDoubt.silentSince(mailbox));
        subscriptions.recordLoss(mailbox.id(), cause, explanation, next);
    }
}

package dev.tidemark.compensator;

import dev.tidemark.subscriber.GroupPlan;
import dev.tidemark.subscriber.Outcome;
import dev.tidemark.subscriber.Subscriber;
import dev.tidemark.watermark.Compensation;
import dev.tidemark.watermark.Mailbox;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.MailboxState;
import dev.tidemark.watermark.SubscribeReason;
import dev.tidemark.watermark.Subscriptions;
import dev.tidemark.watermark.WatermarkStore;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/// Mends by the subscriber's hand, and has the journal say first that a subscription was lost.
final class SubscriptionMender implements Mender {
    private static final Outcome GIVEN_UP = new Outcome.Skipped("push does not work for it");

    private final Subscriber subscriber;
    private final WatermarkStore store;
    private final Subscriptions subscriptions;
    private final FallbackLaw fallback;
    private final Consumer<MailboxId> givenUp;
    private final Clock clock;

    /// @param givenUp is told of each mailbox whose push is given up
    SubscriptionMender(
            Subscriber subscriber,
            WatermarkStore store,
            FallbackLaw fallback,
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
    public Outcome mend(Examiner.Finding finding) {
        var mailbox = finding.mailbox();
        return switch (finding.remedy()) {
            case Remedy.Resubscribe remedy -> {
                yield isGivenUp(finding, remedy.reason())
                        ? GIVEN_UP
                        : subscriber.subscribe(mailbox.id(), remedy.reason());
            }
            case Remedy.SubscribeAfreshAndResync remedy -> {
                yield isGivenUp(finding, remedy.reason()) ? GIVEN_UP : subscriber.resync(mailbox.id(), remedy.reason());
            }
            case Remedy.ResumeResync remedy -> subscriber.resync(mailbox.id(), remedy.reason());
            case Remedy.NothingUntil ignored -> new Outcome.Skipped("there is nothing to mend");
            case Remedy.GiveUp ignored -> new Outcome.Skipped("there is nothing to mend");
        };
    }

    @Override
    public Outcome mendAsked(Examiner.Finding finding) {
        return subscriber.letThrough(finding.mailbox().id(), () -> mend(finding));
    }

    /// Has a loss journalled. Where it was one too many, push is given up, and another transport takes over.
    private boolean isGivenUp(Examiner.Finding finding, SubscribeReason reason) {
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

    private void reportLoss(Examiner.Finding finding, Optional<GroupPlan> plan) {
        var mailbox = finding.mailbox();
        if (mailbox.state() instanceof MailboxState.Silent) {
            return;
        }
        var cause = finding.sign();
        var next = new Compensation(SubscribeReason.SILENCE, clock.instant(), false, cause);
        var explanation = plan.filter(ignored -> !mailbox.calledBack())
                .map(each -> CallbackDoubt.neverCalled(mailbox, each))
                .orElseGet(() -> CallbackDoubt.silentSince(mailbox));
        subscriptions.lost(mailbox.id(), cause, explanation, next);
    }
}

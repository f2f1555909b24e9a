package dev.tidemark.compensator;

import dev.tidemark.subscriber.Outcome;
import dev.tidemark.subscriber.Subscriber;
import dev.tidemark.watermark.Compensation;
import dev.tidemark.watermark.MailboxState;
import dev.tidemark.watermark.SubscribeReason;
import dev.tidemark.watermark.Subscriptions;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Mends by the subscriber's hand, and has the journal say first that a subscription was lost.
final class SubscriptionMender implements Mender {
    private static final Logger log = LoggerFactory.getLogger(SubscriptionMender.class);

    private final Subscriber subscriber;
    private final Subscriptions subscriptions;
    private final Clock clock;

    SubscriptionMender(Subscriber subscriber, Subscriptions subscriptions, Clock clock) {
        this.subscriber = subscriber;
        this.subscriptions = subscriptions;
        this.clock = clock;
    }

    @Override
    public Outcome mend(Examiner.Finding finding) {
        var mailbox = finding.mailbox();
        return switch (finding.remedy()) {
            case Remedy.Resubscribe remedy -> {
                reportLoss(finding, remedy.reason());
                yield subscriber.subscribe(mailbox.id(), remedy.reason());
            }
            case Remedy.SubscribeAfreshAndResync remedy -> {
                reportLoss(finding, remedy.reason());
                yield subscriber.resync(mailbox.id(), remedy.reason());
            }
            case Remedy.ResumeResync remedy -> subscriber.resync(mailbox.id(), remedy.reason());
            case Remedy.NothingUntil ignored -> new Outcome.Skipped("there is nothing to mend");
            case Remedy.GiveUp ignored -> new Outcome.Skipped("there is nothing to mend");
        };
    }

    private void reportLoss(Examiner.Finding finding, SubscribeReason reason) {
        var mailbox = finding.mailbox();
        if (reason != SubscribeReason.SILENCE || mailbox.state() instanceof MailboxState.Silent) {
            return;
        }
        var cause = finding.sign();
        log.debug("{} is silent ({}), last heard at {}", mailbox.address(), cause, mailbox.lastHeardAt());
        var next = new Compensation(SubscribeReason.SILENCE, clock.instant(), false, cause);
        subscriptions.lost(mailbox.id(), cause, next);
    }
}

package dev.tidemark.compensator;

import dev.tidemark.subscriber.GroupPlan;
import dev.tidemark.watermark.Mailbox;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.MailboxRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Looks at one mailbox and says what it needs.
final class Examiner {
    /// A mailbox and its remedy; `sign` says what its silence is known by, if that is what it is about.
    record Finding(Mailbox mailbox, Remedy remedy, String sign) {
        /// Since when it waits: what was silent longest comes first.
        Instant silentSince() {
            return mailbox.lastHeardAt().or(mailbox::subscribedAt).orElse(Instant.MIN);
        }

        /// Never subscribed: nothing was lost, so that nothing has to be made good at a rate.
        boolean isFirst() {
            return mailbox.live().isEmpty() && mailbox.watermark().isEmpty();
        }
    }

    private final MailboxRegistry mailboxes;
    private final Function<String, Optional<GroupPlan>> plans;
    private final SilenceLaw law;
    private final Duration watermarkLifetime;
    private final Outages outages;
    private final Condemned condemned;
    private final Clock clock;

    Examiner(
            MailboxRegistry mailboxes,
            Function<String, Optional<GroupPlan>> plans,
            CompensatorConfig config,
            Outages outages,
            Condemned condemned,
            Clock clock) {
        this.mailboxes = mailboxes;
        this.plans = plans;
        this.law = config.silenceLaw();
        this.watermarkLifetime = config.watermarkLifetime();
        this.outages = outages;
        this.condemned = condemned;
        this.clock = clock;
    }

    /// Empty if the mailbox or its group is no longer configured.
    Optional<Finding> examine(MailboxId id, boolean inFlight, Optional<Instant> holdUntil) {
        return mailboxes
                .find(id)
                .flatMap(mailbox -> plans.apply(mailbox.membership().group())
                        .map(plan -> new Finding(mailbox, remedy(mailbox, plan, inFlight, holdUntil), sign(mailbox))));
    }

    private String sign(Mailbox mailbox) {
        if (condemned.silentAt(mailbox).isPresent()) {
            return "cohort";
        }
        return mailbox.calledBack() ? "silence" : "no-first-callback";
    }

    private Remedy remedy(Mailbox mailbox, GroupPlan plan, boolean inFlight, Optional<Instant> holdUntil) {
        var situation = situation(mailbox, plan, inFlight, holdUntil);
        var remedy = situation.decide();
        return remedy instanceof Remedy.NothingUntil(var planned)
                ? new Remedy.NothingUntil(law.lookAgainAt(mailbox, plan.statusFrequency(), situation.now(), planned))
                : remedy;
    }

    private Situation situation(Mailbox mailbox, GroupPlan plan, boolean inFlight, Optional<Instant> holdUntil) {
        return new Situation(
                mailbox,
                clock.instant(),
                silentAt(mailbox, plan.statusFrequency()),
                watermarkLifetime,
                !mailbox.fingerprint().equals(plan.fingerprint()),
                inFlight,
                holdUntil);
    }

    private Instant silentAt(Mailbox mailbox, Duration statusFrequency) {
        return Stream.of(outages.silentAt(mailbox, statusFrequency), condemned.silentAt(mailbox))
                .flatMap(Optional::stream)
                .reduce(law.silentAt(mailbox, statusFrequency), (one, other) -> one.isBefore(other) ? one : other);
    }
}

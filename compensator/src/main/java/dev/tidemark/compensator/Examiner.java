package dev.tidemark.compensator;

import dev.tidemark.subscriber.GroupPlan;
import dev.tidemark.watermark.Compensation;
import dev.tidemark.watermark.Mailbox;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.MailboxRegistry;
import dev.tidemark.watermark.SubscribeReason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Looks at one mailbox and says what it needs.
final class Examiner {
    /// A mailbox and its remedy; `sign` says what its silence is known by, if that is what it is about.
    record Finding(Mailbox mailbox, String connection, Remedy remedy, String sign) {
        /// Since when it waits: what was silent longest comes first.
        Instant silentSince() {
            // while another transport looks after a mailbox it has time
            var sign = mailbox.degraded().isPresent() ? mailbox.subscribedAt() : mailbox.lastHeardAt();
            return sign.or(mailbox::subscribedAt).orElse(Instant.MIN);
        }

        /// The same in words, `waiting` for its turn or held.
        Outlook outlook(Optional<Instant> hold, boolean waiting) {
            var why = mailbox.due().map(Compensation::cause);
            var since = hold.isPresent() ? mailbox.lastError().or(() -> why) : why;
            return switch (remedy) {
                case Remedy.NothingUntil nothing
                when hold.filter(nothing.until()::equals).isPresent() ->
                    new Outlook("another try", Optional.of(nothing.until()), since);
                case Remedy.NothingUntil nothing
                when mailbox.due().isPresent() -> new Outlook("compensation", Optional.of(nothing.until()), why);
                case Remedy.NothingUntil nothing ->
                    new Outlook("silent if nothing is heard", Optional.of(nothing.until()), Optional.empty());
                case Remedy.GiveUp nothing -> new Outlook("nothing", Optional.empty(), Optional.of(nothing.reason()));
                case Remedy.Resubscribe mend -> turn("re-subscription", mend.reason(), waiting);
                case Remedy.SubscribeAfreshAndResync mend ->
                    turn("a fresh subscription and a resync", mend.reason(), waiting);
                case Remedy.ResumeResync mend -> turn("the rest of a resync", mend.reason(), waiting);
            };
        }

        private Outlook turn(String what, SubscribeReason reason, boolean waiting) {
            var label = reason.name().toLowerCase(Locale.ROOT);
            var why = mailbox.due().map(Compensation::cause).orElse(label);
            return new Outlook(
                    what + (waiting ? " when its turn comes" : " at once"), Optional.empty(), Optional.of(why));
        }

        /// Never subscribed: nothing was lost, so that nothing has to be made good at a rate.
        boolean isFirst() {
            return mailbox.live().isEmpty() && mailbox.watermark().isEmpty();
        }
    }

    /// What is known of mailboxes from elsewhere.
    record Hearsay(Outages outages, Condemned condemned, Hopes hopes) {}

    private final MailboxRegistry mailboxes;
    private final Function<String, Optional<GroupPlan>> plans;
    private final SilenceLaw law;
    private final Duration watermarkLifetime;
    private final Hearsay hearsay;
    private final FallbackLaw fallback;
    private final Clock clock;

    Examiner(
            MailboxRegistry mailboxes,
            Function<String, Optional<GroupPlan>> plans,
            CompensatorConfig config,
            Hearsay hearsay,
            Clock clock) {
        this.mailboxes = mailboxes;
        this.plans = plans;
        this.law = config.silenceLaw();
        this.watermarkLifetime = config.watermarkLifetime();
        this.hearsay = hearsay;
        this.fallback = config.fallbackLaw();
        this.clock = clock;
    }

    /// Empty if the mailbox or its group is no longer configured.
    Optional<Finding> examine(MailboxId id, boolean inFlight, Optional<Instant> holdUntil) {
        return mailboxes
                .find(id)
                .flatMap(mailbox -> plans.apply(mailbox.membership().group())
                        .map(plan -> new Finding(
                                mailbox,
                                plan.connection(),
                                remedy(mailbox, plan, inFlight, holdUntil),
                                sign(mailbox))));
    }

    private String sign(Mailbox mailbox) {
        if (hearsay.condemned().silentAt(mailbox).isPresent()) {
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
                silentAt(mailbox, plan),
                watermarkLifetime,
                !mailbox.fingerprint().equals(plan.fingerprint()),
                inFlight,
                holdUntil);
    }

    private Instant silentAt(Mailbox mailbox, GroupPlan plan) {
        var statusFrequency = plan.statusFrequency();
        if (mailbox.degraded().isPresent()) {
            return fallback.probeAt(mailbox, statusFrequency, hearsay.hopes().of(plan.connection()));
        }
        return Stream.of(
                        hearsay.outages().silentAt(mailbox, statusFrequency),
                        hearsay.condemned().silentAt(mailbox))
                .flatMap(Optional::stream)
                .reduce(law.silentAt(mailbox, statusFrequency), (one, other) -> one.isBefore(other) ? one : other);
    }
}

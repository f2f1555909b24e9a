package dev.tidemark.compensator;

import dev.tidemark.subscriber.GroupPlan;
import dev.tidemark.watermark.Mailbox;
import dev.tidemark.watermark.MailboxId;
import dev.tidemark.watermark.MailboxRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
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
    /// computed once: a start examines each mailbox
    private final Map<GroupPlan, String> fingerprints = new ConcurrentHashMap<>();

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
        return find(
                id,
                (mailbox, plan) -> new Finding(
                        mailbox, plan.connection(), remedy(mailbox, plan, inFlight, holdUntil), sign(mailbox)));
    }

    /// What comes next for a mailbox that no remedy is applied to, `waiting` for its turn or not: as decided,
    /// however often it is looked at meanwhile. Empty if it or its group is no longer configured.
    Optional<Outlook> outlook(MailboxId id, Optional<Instant> holdUntil, boolean waiting) {
        return find(id, (mailbox, plan) -> {
            var situation = situation(mailbox, plan, false, Optional.empty());
            var hold = holdUntil.filter(situation.now()::isBefore);
            return new Forecast(mailbox, situation.decide(), hold, waiting).outlook();
        });
    }

    private <T> Optional<T> find(MailboxId id, BiFunction<Mailbox, GroupPlan, T> view) {
        return mailboxes
                .find(id)
                .flatMap(mailbox -> plans.apply(mailbox.membership().group()).map(plan -> view.apply(mailbox, plan)));
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
                !mailbox.fingerprint().equals(fingerprints.computeIfAbsent(plan, GroupPlan::fingerprint)),
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

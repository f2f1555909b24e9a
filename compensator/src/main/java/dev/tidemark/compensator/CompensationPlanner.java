package dev.tidemark.compensator;

import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.resync.GroupSubscriptionConfig;
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
final class CompensationPlanner {
    /// A mailbox and its remedy; `sign` says what its silence is known by, if that is what it is about.
    record PlannedAction(Mailbox mailbox, String connection, CompensationAction remedy, String sign) {
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
    record SilenceSources(StoreOutageTracker outages, CohortSilenceRegistry condemned, PushRecoveryTracker hopes) {}

    private final MailboxRegistry mailboxes;
    private final Function<String, Optional<GroupSubscriptionConfig>> groupConfigs;
    private final SilencePolicy silencePolicy;
    private final Duration watermarkLifetime;
    private final SilenceSources silenceSources;
    private final FallbackPolicy fallbackPolicy;
    private final Clock clock;
    /// computed once: a start examines each mailbox
    private final Map<GroupSubscriptionConfig, String> fingerprints = new ConcurrentHashMap<>();

    CompensationPlanner(
            MailboxRegistry mailboxes,
            Function<String, Optional<GroupSubscriptionConfig>> plans,
            CompensatorConfig config,
            SilenceSources hearsay,
            Clock clock) {
        this.mailboxes = mailboxes;
        this.groupConfigs = plans;
        this.silencePolicy = config.silencePolicy();
        this.watermarkLifetime = config.watermarkLifetime();
        this.silenceSources = hearsay;
        this.fallbackPolicy = config.fallbackPolicy();
        this.clock = clock;
    }

    /// Empty if the mailbox or its group is no longer configured.
    Optional<PlannedAction> plan(MailboxId id, boolean inFlight, Optional<Instant> holdUntil) {
        return find(
                id,
                (mailbox, plan) -> new PlannedAction(
                        mailbox, plan.connection(), action(mailbox, plan, inFlight, holdUntil), silenceCause(mailbox)));
    }

    /// What comes next for a mailbox that no remedy is applied to, `waiting` for its turn or not: as decided,
    /// however often it is looked at meanwhile. Empty if it or its group is no longer configured.
    Optional<NextStep> nextStep(MailboxId id, Optional<Instant> holdUntil, boolean waiting) {
        return find(id, (mailbox, plan) -> {
            var situation = decisionTable(mailbox, plan, false, Optional.empty());
            var hold = holdUntil.filter(situation.now()::isBefore);
            return new NextStepDescriber(mailbox, situation.decide(), hold, waiting).describe();
        });
    }

    private <T> Optional<T> find(MailboxId id, BiFunction<Mailbox, GroupSubscriptionConfig, T> view) {
        return mailboxes
                .find(id)
                .flatMap(mailbox -> groupConfigs.apply(mailbox.membership().group()).map(plan -> view.apply(mailbox, plan)));
    }

    private String silenceCause(Mailbox mailbox) {
        if (silenceSources.condemned().silentAt(mailbox).isPresent()) {
            return "cohort";
        }
        return mailbox.calledBack() ? "silence" : "no-first-callback";
    }

    private CompensationAction action(
            Mailbox mailbox, GroupSubscriptionConfig plan, boolean inFlight, Optional<Instant> holdUntil) {
        var situation = decisionTable(mailbox, plan, inFlight, holdUntil);
        var remedy = situation.decide();
        return remedy instanceof CompensationAction.WaitUntil(var planned)
                ? new CompensationAction.WaitUntil(
                        silencePolicy.nextCheckAt(mailbox, plan.statusFrequency(), situation.now(), planned))
                : remedy;
    }

    private CompensationDecisionTable decisionTable(
            Mailbox mailbox, GroupSubscriptionConfig plan, boolean inFlight, Optional<Instant> holdUntil) {
        return new CompensationDecisionTable(
                mailbox,
                clock.instant(),
                silentAt(mailbox, plan),
                watermarkLifetime,
                !mailbox.fingerprint().equals(fingerprints.computeIfAbsent(plan, GroupSubscriptionConfig::fingerprint)),
                inFlight,
                holdUntil);
    }

    private Instant silentAt(Mailbox mailbox, GroupSubscriptionConfig plan) {
        var statusFrequency = plan.statusFrequency();
        if (mailbox.degraded().isPresent()) {
            return fallbackPolicy.probeAt(mailbox, statusFrequency, silenceSources.hopes().lastRecovery(plan.connection()));
        }
        return Stream.of(
                        silenceSources.outages().silentAt(mailbox, statusFrequency),
                        silenceSources.condemned().silentAt(mailbox))
                .flatMap(Optional::stream)
                .reduce(silencePolicy.silentAt(mailbox, statusFrequency), (one, other) -> one.isBefore(other) ? one : other);
    }
}

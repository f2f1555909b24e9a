package dev.tidemark.compensator;

import dev.tidemark.store.MailboxRegistry;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.subscriber.config.GroupSubscriptionConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// Plans the need of one mailbox: the action and its cause. Reads the store and never changes it.
/// [CompensationDispatcher] calls it before each repair; other threads read the next step. Thread-safe.
final class CompensationPlanner {
    /// Finds the configuration of a group; empty if the group is not configured. Thread-safe.
    @FunctionalInterface
    interface GroupConfigs {
        Optional<GroupSubscriptionConfig> find(String group);
    }

    /// Mailbox with its planned action; `silenceCause` names the sign of its silence, if silence is the reason.
    record PlannedAction(Mailbox mailbox, String connection, CompensationAction action, String silenceCause) {
        /// Returns the start of its wait, by which repairs are ordered.
        Instant silentSince() {
            // a mailbox with another transport is not urgent
            var start = mailbox.degraded().isPresent() ? mailbox.subscribedAt() : mailbox.lastHeardAt();
            return start.or(mailbox::subscribedAt).orElse(Instant.MIN);
        }

        /// Returns true if the mailbox was never subscribed. Its first subscription repairs no loss, so the
        /// rate does not apply.
        boolean isFirst() {
            return mailbox.live().isEmpty() && mailbox.watermark().isEmpty();
        }
    }

    /// Sources of silence and recovery beside the mailbox itself.
    record SilenceSources(
            StoreOutageTracker outages, CohortSilenceRegistry cohortSilence, PushRecoveryTracker pushRecoveries) {}

    private final MailboxRegistry mailboxes;
    private final GroupConfigs groupConfigs;
    private final SilencePolicy silencePolicy;
    private final Duration watermarkLifetime;
    private final SilenceSources silenceSources;
    private final FallbackPolicy fallbackPolicy;
    private final Clock clock;
    /// computed once, because a start plans each mailbox
    private final Map<GroupSubscriptionConfig, String> fingerprints = new ConcurrentHashMap<>();

    CompensationPlanner(
            MailboxRegistry mailboxes,
            GroupConfigs groupConfigs,
            CompensatorConfig config,
            SilenceSources silenceSources,
            Clock clock) {
        this.mailboxes = mailboxes;
        this.groupConfigs = groupConfigs;
        this.silencePolicy = config.silencePolicy();
        this.watermarkLifetime = config.watermarkLifetime();
        this.silenceSources = silenceSources;
        this.fallbackPolicy = config.fallbackPolicy();
        this.clock = clock;
    }

    /// Plans the mailbox. Empty if the mailbox or its group is no longer configured.
    Optional<PlannedAction> plan(MailboxId id, boolean inFlight, Optional<Instant> holdUntil) {
        return find(
                id,
                (mailbox, groupConfig) -> new PlannedAction(
                        mailbox,
                        groupConfig.connection(),
                        action(mailbox, groupConfig, inFlight, holdUntil),
                        silenceCause(mailbox)));
    }

    /// Returns the next step of a mailbox without a running repair, as decided now. Empty if the mailbox or its
    /// group is no longer configured.
    ///
    /// @param waiting true if the mailbox waits for its turn
    Optional<NextStep> nextStep(MailboxId id, Optional<Instant> holdUntil, boolean waiting) {
        return find(id, (mailbox, groupConfig) -> {
            var decisionTable = decisionTable(mailbox, groupConfig, false, Optional.empty());
            var hold = holdUntil.filter(decisionTable.now()::isBefore);
            return new NextStepDescriber(mailbox, decisionTable.decide(), hold, waiting).describe();
        });
    }

    private <T> Optional<T> find(MailboxId id, BiFunction<Mailbox, GroupSubscriptionConfig, T> view) {
        return mailboxes
                .find(id)
                .flatMap(mailbox -> groupConfigs
                        .find(mailbox.membership().group())
                        .map(groupConfig -> view.apply(mailbox, groupConfig)));
    }

    private String silenceCause(Mailbox mailbox) {
        if (silenceSources.cohortSilence().silentAt(mailbox).isPresent()) {
            return "cohort";
        }
        return mailbox.calledBack() ? "silence" : "no-first-callback";
    }

    private CompensationAction action(
            Mailbox mailbox, GroupSubscriptionConfig groupConfig, boolean inFlight, Optional<Instant> holdUntil) {
        var decisionTable = decisionTable(mailbox, groupConfig, inFlight, holdUntil);
        var action = decisionTable.decide();
        return action instanceof CompensationAction.WaitUntil(var planned)
                ? new CompensationAction.WaitUntil(
                        silencePolicy.nextCheckAt(mailbox, groupConfig.statusFrequency(), decisionTable.now(), planned))
                : action;
    }

    private CompensationDecisionTable decisionTable(
            Mailbox mailbox, GroupSubscriptionConfig groupConfig, boolean inFlight, Optional<Instant> holdUntil) {
        return new CompensationDecisionTable(
                mailbox,
                clock.instant(),
                silentAt(mailbox, groupConfig),
                watermarkLifetime,
                !mailbox.fingerprint()
                        .equals(fingerprints.computeIfAbsent(groupConfig, GroupSubscriptionConfig::fingerprint)),
                inFlight,
                holdUntil);
    }

    private Instant silentAt(Mailbox mailbox, GroupSubscriptionConfig groupConfig) {
        var statusFrequency = groupConfig.statusFrequency();
        if (mailbox.degraded().isPresent()) {
            return fallbackPolicy.probeAt(
                    mailbox, statusFrequency, silenceSources.pushRecoveries().lastRecovery(groupConfig.connection()));
        }
        return Stream.of(
                        silenceSources.outages().silentAt(mailbox, statusFrequency),
                        silenceSources.cohortSilence().silentAt(mailbox))
                .flatMap(Optional::stream)
                .reduce(
                        silencePolicy.silentAt(mailbox, statusFrequency),
                        (one, other) -> one.isBefore(other) ? one : other);
    }
}

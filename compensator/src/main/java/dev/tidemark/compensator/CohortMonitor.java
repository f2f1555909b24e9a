package dev.tidemark.compensator;

import dev.tidemark.store.CompensationTrigger;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.CallbackSource;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.ReadableTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Detects a server that lost its subscriptions, because all of its mailboxes fall silent together. This is
/// long before [SilencePolicy] would find each of them. Each round checks each server, and mailboxes only after
/// a suspicion. Not thread-safe; used by the sweep thread.
final class CohortMonitor {
    private static final Logger log = LoggerFactory.getLogger(CohortMonitor.class);

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    /// Longest gap between checks. After a longer gap the machine slept, and no callback could arrive.
    private static final Duration MAX_CHECK_GAP = Duration.ofSeconds(45);

    /// Smallest number of expected callbacks of other servers that allows a comparison.
    private static final int MIN_TURNS_OF_OTHERS = 12;

    private final WatermarkStore store;
    private final CohortEvidenceCollector evidenceCollector;
    private final CohortSilenceRegistry silenceRegistry;
    private final CompensationTrigger trigger;
    private final Map<CallbackSource.SourceKey, ServerCohort> cohorts = new HashMap<>();
    private Instant lastCheckAt = Instant.MIN;
    /// no callback could arrive before this time
    private Instant receivingSince = Instant.MIN;

    CohortMonitor(
            WatermarkStore store,
            CohortEvidenceCollector evidenceCollector,
            CohortSilenceRegistry silenceRegistry,
            CompensationTrigger trigger) {
        this.store = store;
        this.evidenceCollector = evidenceCollector;
        this.silenceRegistry = silenceRegistry;
        this.trigger = trigger;
    }

    /// Runs one round.
    ///
    /// @param receiving false while callbacks cannot be stored
    void check(Instant now, boolean receiving) {
        if (!receiving || lastCheckAt.isAfter(now) || lastCheckAt.isBefore(now.minus(MAX_CHECK_GAP))) {
            receivingSince = now;
            cohorts.values().forEach(ServerCohort::endSuspicion);
        } else if (now.isBefore(lastCheckAt.plus(CHECK_INTERVAL))) {
            return;
        }
        lastCheckAt = now;
        var callers = store.callbackSources().all();
        callers.forEach(caller -> cohortFor(caller).addSample(caller, now));
        callers.forEach(caller -> checkSource(caller, callers, now));
        cohorts.keySet().retainAll(callers.stream().map(CallbackSource::name).toList());
    }

    private ServerCohort cohortFor(CallbackSource caller) {
        return cohorts.computeIfAbsent(caller.name(), ignored -> new ServerCohort());
    }

    private void checkSource(CallbackSource caller, List<CallbackSource> all, Instant now) {
        var cohort = cohortFor(caller);
        var suspicion = cohort.suspicion();
        if (suspicion.isPresent()) {
            evaluate(cohort, suspicion.get(), all, now);
        } else if (cohort.mayBeSuspected(now)) {
            suspectIfSilent(cohort, caller, now);
        }
    }

    private void suspectIfSilent(ServerCohort cohort, CallbackSource caller, Instant now) {
        var silentSince = caller.lastHeardAt().isBefore(receivingSince) ? receivingSince : caller.lastHeardAt();
        var assessment = CohortAssessment.unexamined(
                Duration.between(silentSince, now), caller.pace(), caller.turns(), cohort.falseAlarms(now));
        if (assessment.decide() != CohortAssessment.Decision.TRY) {
            return;
        }
        var mailboxes = evidenceCollector.silentMailboxes(caller.name());
        if (mailboxes.size() < 2) {
            cohort.suspendUntil(now.plus(assessment.limit()));
        } else {
            startTrial(cohort.startSuspicion(caller, silentSince, mailboxes), mailboxes, now);
        }
    }

    private void evaluate(
            ServerCohort cohort, ServerCohort.Suspicion suspicion, List<CallbackSource> all, Instant now) {
        var untried = evidenceCollector.untriedMailboxes(suspicion);
        if (untried.isEmpty()) {
            cohort.endSuspicion();
            return;
        }
        var evidence = evidenceCollector.collect(suspicion, untried, othersContinue(suspicion, all, now), now);
        switch (evidenceCollector
                .assess(suspicion, untried, cohort.falseAlarms(now), evidence, now)
                .decide()) {
            case WAIT -> {}
            case TRY -> startTrial(suspicion, untried, now);
            case DISMISS -> {
                log.info(
                        "Mailboxes of {} were only quiet; keeping their subscriptions",
                        suspicion.caller().name());
                cohort.endAsFalseAlarm(now);
            }
            case COMPENSATE -> {
                markSilent(suspicion, untried, now);
                cohort.endSuspicion();
            }
        }
    }

    /// Resubscribes the mailbox with the latest callback: it is the likeliest to have missed an event.
    private void startTrial(ServerCohort.Suspicion suspicion, List<Mailbox> untried, Instant now) {
        var latest = untried.stream()
                .max(Comparator.comparing(mailbox -> mailbox.lastHeardAt().orElse(Instant.MIN)))
                .orElseThrow();
        var name = suspicion.caller().name();
        log.info(
                "None of {} mailboxes of {} called back since {}; resubscribing {} to find the cause",
                suspicion.mailboxes().size(),
                name,
                ReadableTime.of(suspicion.silentSince()),
                latest.address());
        suspicion.trials().put(latest.id(), now);
        var cause = "all mailboxes of " + name + " fell silent; this one is resubscribed first";
        store.subscriptions()
                .scheduleCompensation(latest.id(), new PendingCompensation(SubscribeReason.SILENCE, now, false, cause));
        trigger.raise(latest.id());
    }

    private void markSilent(ServerCohort.Suspicion suspicion, List<Mailbox> untried, Instant now) {
        log.warn(
                "{} lost its subscriptions; compensating {} mailboxes",
                suspicion.caller().name(),
                untried.size());
        untried.forEach(mailbox -> {
            silenceRegistry.add(mailbox.id(), now);
            trigger.raise(mailbox.id());
        });
    }

    /// Returns true if the servers without a suspicion call at least half as often as before. At night they do
    /// not.
    private boolean othersContinue(ServerCohort.Suspicion suspicion, List<CallbackSource> all, Instant now) {
        var since = suspicion.silentSince();
        var others = all.stream()
                .filter(caller -> evidenceCollector.isOtherServer(caller, suspicion))
                .map(this::cohortFor)
                .filter(other -> other.suspicion().isEmpty())
                .toList();
        var expected = others.stream()
                .mapToDouble(other -> other.expectedTurns(since, now))
                .sum();
        var turns = others.stream().mapToLong(other -> other.turnsSince(since)).sum();
        return expected >= MIN_TURNS_OF_OTHERS && turns * 2 >= expected;
    }
}

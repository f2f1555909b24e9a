package dev.tidemark.compensator;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.CallbackSource;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import dev.tidemark.store.model.PendingCompensation;
import dev.tidemark.store.model.SubscribeReason;
import dev.tidemark.values.ReadableTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices a server that has lost its subscriptions by all of its mailboxes falling silent together, long
/// before the silence law would for each of them. Costs a look at each server a round, and at mailboxes only
/// where there is something to look into. Used by one thread.
final class CohortMonitor {
    private static final Logger log = LoggerFactory.getLogger(CohortMonitor.class);

    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    /// Without a look for so long, nobody could be heard either: the machine slept.
    private static final Duration MAX_CHECK_GAP = Duration.ofSeconds(45);

    /// Other servers' call-backs that are enough to compare with.
    private static final int MIN_TURNS_OF_OTHERS = 12;

    private final WatermarkStore store;
    private final CohortEvidenceCollector evidenceCollector;
    private final CohortSilenceRegistry silenceRegistry;
    private final Consumer<MailboxId> trigger;
    private final Map<CallbackSource.SourceKey, ServerCohort> cohorts = new HashMap<>();
    private Instant lastCheckAt = Instant.MIN;
    /// before it nobody could be heard
    private Instant receivingSince = Instant.MIN;

    CohortMonitor(
            WatermarkStore store,
            CohortEvidenceCollector inquiry,
            CohortSilenceRegistry condemned,
            Consumer<MailboxId> raise) {
        this.store = store;
        this.evidenceCollector = inquiry;
        this.silenceRegistry = condemned;
        this.trigger = raise;
    }

    /// One round; `hearing` is false while call-backs cannot be taken.
    void check(Instant now, boolean hearing) {
        if (!hearing || lastCheckAt.isAfter(now) || lastCheckAt.isBefore(now.minus(MAX_CHECK_GAP))) {
            receivingSince = now;
            cohorts.values().forEach(ServerCohort::endSuspicion);
        } else if (now.isBefore(lastCheckAt.plus(CHECK_INTERVAL))) {
            return;
        }
        lastCheckAt = now;
        var callers = store.callers().all();
        callers.forEach(caller -> cohortFor(caller).addSample(caller, now));
        callers.forEach(caller -> check(caller, callers, now));
        cohorts.keySet().retainAll(callers.stream().map(CallbackSource::name).toList());
    }

    private ServerCohort cohortFor(CallbackSource caller) {
        return cohorts.computeIfAbsent(caller.name(), ignored -> new ServerCohort());
    }

    private void check(CallbackSource caller, List<CallbackSource> all, Instant now) {
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
        var quick = CohortAssessment.unexamined(
                Duration.between(silentSince, now), caller.pace(), caller.turns(), cohort.falseAlarms(now));
        if (quick.decide() != CohortAssessment.Verdict.TRY) {
            return;
        }
        var mailboxes = evidenceCollector.silentMailboxes(caller.name());
        if (mailboxes.size() < 2) {
            cohort.suspendUntil(now.plus(quick.limit()));
        } else {
            startTrial(cohort.startSuspicion(caller, silentSince, mailboxes), mailboxes, now);
        }
    }

    private void evaluate(ServerCohort cohort, ServerCohort.Suspicion suspicion, List<CallbackSource> all, Instant now) {
        var rest = evidenceCollector.untriedMailboxes(suspicion);
        if (rest.isEmpty()) {
            cohort.endSuspicion();
            return;
        }
        var evidence = evidenceCollector.collect(suspicion, rest, othersContinue(suspicion, all, now), now);
        switch (evidenceCollector.assess(suspicion, rest, cohort.falseAlarms(now), evidence, now)
                .decide()) {
            case WAIT -> {}
            case TRY -> startTrial(suspicion, rest, now);
            case ACQUIT -> {
                log.info(
                        "The mailboxes of {} were only quiet",
                        suspicion.caller().name());
                cohort.endAsFalseAlarm(now);
            }
            case CONVICT -> {
                markSilent(suspicion, rest, now);
                cohort.endSuspicion();
            }
        }
    }

    /// The one heard of last: of those it is the likeliest that there was something to hear.
    private void startTrial(ServerCohort.Suspicion suspicion, List<Mailbox> rest, Instant now) {
        var one = rest.stream()
                .max(Comparator.comparing(mailbox -> mailbox.lastHeardAt().orElse(Instant.MIN)))
                .orElseThrow();
        var name = suspicion.caller().name();
        log.info(
                "None of {} mailboxes of {} was heard of since {}; {} is subscribed anew to see why",
                suspicion.mailboxes().size(),
                name,
                ReadableTime.of(suspicion.silentSince()),
                one.address());
        suspicion.trials().put(one.id(), now);
        var why = "all mailboxes of " + name + " fell silent, and this one is tried";
        store.subscriptions().owe(one.id(), new PendingCompensation(SubscribeReason.SILENCE, now, false, why));
        trigger.accept(one.id());
    }

    private void markSilent(ServerCohort.Suspicion suspicion, List<Mailbox> rest, Instant now) {
        log.warn(
                "{} has lost its subscriptions; {} mailboxes are compensated",
                suspicion.caller().name(),
                rest.size());
        rest.forEach(mailbox -> {
            silenceRegistry.add(mailbox.id(), now);
            trigger.accept(mailbox.id());
        });
    }

    /// Whether those who are not suspected themselves call half as often as before, or more: at night all of
    /// them do not.
    private boolean othersContinue(ServerCohort.Suspicion suspicion, List<CallbackSource> all, Instant now) {
        var since = suspicion.silentSince();
        var others = all.stream()
                .filter(caller -> evidenceCollector.isOtherServer(caller, suspicion))
                .map(this::cohortFor)
                .filter(other -> other.suspicion().isEmpty())
                .toList();
        var expected =
                others.stream().mapToDouble(other -> other.expectedTurns(since, now)).sum();
        var turns = others.stream().mapToLong(other -> other.turnsSince(since)).sum();
        return expected >= MIN_TURNS_OF_OTHERS && turns * 2 >= expected;
    }
}

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

    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    /// Without a look for so long, nobody could be heard either: the machine slept.
    private static final Duration SLEPT = Duration.ofSeconds(45);

    /// Other servers' call-backs that are enough to compare with.
    private static final int ENOUGH_OF_OTHERS = 12;

    private final WatermarkStore store;
    private final CohortEvidenceCollector inquiry;
    private final CohortSilenceRegistry condemned;
    private final Consumer<MailboxId> raise;
    private final Map<CallbackSource.SourceKey, ServerCohort> cohorts = new HashMap<>();
    private Instant lookedAt = Instant.MIN;
    /// before it nobody could be heard
    private Instant hearingSince = Instant.MIN;

    CohortMonitor(
            WatermarkStore store,
            CohortEvidenceCollector inquiry,
            CohortSilenceRegistry condemned,
            Consumer<MailboxId> raise) {
        this.store = store;
        this.inquiry = inquiry;
        this.condemned = condemned;
        this.raise = raise;
    }

    /// One round; `hearing` is false while call-backs cannot be taken.
    void look(Instant now, boolean hearing) {
        if (!hearing || lookedAt.isAfter(now) || lookedAt.isBefore(now.minus(SLEPT))) {
            hearingSince = now;
            cohorts.values().forEach(ServerCohort::close);
        } else if (now.isBefore(lookedAt.plus(LOOK_EVERY))) {
            return;
        }
        lookedAt = now;
        var callers = store.callbackSources().all();
        callers.forEach(caller -> of(caller).sample(caller, now));
        callers.forEach(caller -> look(caller, callers, now));
        cohorts.keySet().retainAll(callers.stream().map(CallbackSource::name).toList());
    }

    private ServerCohort of(CallbackSource caller) {
        return cohorts.computeIfAbsent(caller.name(), ignored -> new ServerCohort());
    }

    private void look(CallbackSource caller, List<CallbackSource> all, Instant now) {
        var cohort = of(caller);
        var suspicion = cohort.suspicion();
        if (suspicion.isPresent()) {
            judge(cohort, suspicion.get(), all, now);
        } else if (cohort.mayBeSuspected(now)) {
            watch(cohort, caller, now);
        }
    }

    private void watch(ServerCohort cohort, CallbackSource caller, Instant now) {
        var silentSince = caller.lastHeardAt().isBefore(hearingSince) ? hearingSince : caller.lastHeardAt();
        var quick = CohortAssessment.unexamined(
                Duration.between(silentSince, now), caller.pace(), caller.turns(), cohort.believed(now));
        if (quick.decide() != CohortAssessment.Verdict.TRY) {
            return;
        }
        var mailboxes = inquiry.silent(caller.name());
        if (mailboxes.size() < 2) {
            cohort.leaveUntil(now.plus(quick.limit()));
        } else {
            tryOne(cohort.suspect(caller, silentSince, mailboxes), mailboxes, now);
        }
    }

    private void judge(ServerCohort cohort, ServerCohort.Suspicion suspicion, List<CallbackSource> all, Instant now) {
        var rest = inquiry.rest(suspicion);
        if (rest.isEmpty()) {
            cohort.close();
            return;
        }
        var evidence = inquiry.evidence(suspicion, rest, othersGoOn(suspicion, all, now), now);
        switch (inquiry.question(suspicion, rest, cohort.believed(now), evidence, now)
                .decide()) {
            case WAIT -> {}
            case TRY -> tryOne(suspicion, rest, now);
            case ACQUIT -> {
                log.info(
                        "The mailboxes of {} were only quiet",
                        suspicion.caller().name());
                cohort.acquit(now);
            }
            case CONVICT -> {
                convict(suspicion, rest, now);
                cohort.close();
            }
        }
    }

    /// The one heard of last: of those it is the likeliest that there was something to hear.
    private void tryOne(ServerCohort.Suspicion suspicion, List<Mailbox> rest, Instant now) {
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
        store.subscriptions()
                .scheduleCompensation(one.id(), new PendingCompensation(SubscribeReason.SILENCE, now, false, why));
        raise.accept(one.id());
    }

    private void convict(ServerCohort.Suspicion suspicion, List<Mailbox> rest, Instant now) {
        log.warn(
                "{} has lost its subscriptions; {} mailboxes are compensated",
                suspicion.caller().name(),
                rest.size());
        rest.forEach(mailbox -> {
            condemned.add(mailbox.id(), now);
            raise.accept(mailbox.id());
        });
    }

    /// Whether those who are not suspected themselves call half as often as before, or more: at night all of
    /// them do not.
    private boolean othersGoOn(ServerCohort.Suspicion suspicion, List<CallbackSource> all, Instant now) {
        var since = suspicion.silentSince();
        var others = all.stream()
                .filter(caller -> inquiry.isAnother(caller, suspicion))
                .map(this::of)
                .filter(other -> other.suspicion().isEmpty())
                .toList();
        var expected =
                others.stream().mapToDouble(other -> other.expected(since, now)).sum();
        var turns = others.stream().mapToLong(other -> other.turnsSince(since)).sum();
        return expected >= ENOUGH_OF_OTHERS && turns * 2 >= expected;
    }
}

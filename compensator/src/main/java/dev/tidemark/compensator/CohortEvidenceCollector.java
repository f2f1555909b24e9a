package dev.tidemark.compensator;

import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.CallbackSource;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.JournalEvent;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxId;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Gathers what speaks for and against mailboxes that fell silent together.
final class CohortEvidenceCollector {
    /// Error of the known offset of Exchange's clock, and delay of a notification.
    private static final Duration MAX_DELAY = Duration.ofSeconds(15);

    private static final int MAX_EVENTS = 50;

    private final WatermarkStore store;
    private final Function<Mailbox, Optional<Duration>> heartbeatIntervals;
    private final Duration grace;

    /// `heartbeats` tells how often a mailbox's heartbeat comes; nothing for one that is none of ours.
    CohortEvidenceCollector(WatermarkStore store, Function<Mailbox, Optional<Duration>> heartbeats, Duration grace) {
        this.store = store;
        this.heartbeatIntervals = heartbeats;
        this.grace = grace;
    }

    /// Those of a caller whose silence says something: subscribed, heard of before, not being mended already.
    List<Mailbox> silentMailboxes(CallbackSource.SourceKey name) {
        return store.callers().mailboxes(name).stream()
                .filter(mailbox -> mailbox.live().isPresent()
                        && mailbox.calledBack()
                        && mailbox.due().isEmpty()
                        && heartbeatIntervals.apply(mailbox).isPresent())
                .toList();
    }

    /// Those that nobody touched since the silence began.
    List<Mailbox> untriedMailboxes(ServerCohort.Suspicion suspicion) {
        return suspicion.mailboxes().stream()
                .filter(id -> !suspicion.trials().containsKey(id))
                .flatMap(id -> store.mailboxes().find(id).stream())
                .filter(mailbox -> mailbox.live().isPresent() && isSubscribedBefore(mailbox, suspicion.silentSince()))
                .toList();
    }

    CohortAssessment assess(
            ServerCohort.Suspicion suspicion,
            List<Mailbox> rest,
            int believed,
            CohortAssessment.Evidence evidence,
            Instant now) {
        var old = suspicion.trials().entrySet().stream()
                .flatMap(trial -> store.mailboxes().find(trial.getKey()).stream()
                        .filter(mailbox -> isSubscribedBefore(mailbox, trial.getValue())));
        var heard = Stream.concat(rest.stream(), old).anyMatch(mailbox -> calledBackAfter(mailbox, suspicion.silentSince()));
        return new CohortAssessment(
                Duration.between(suspicion.silentSince(), now),
                suspicion.caller().pace(),
                suspicion.caller().turns(),
                suspicion.mailboxes().size(),
                believed,
                suspicion.trials().size(),
                latestTrial(suspicion)
                        .flatMap(trial -> store.mailboxes()
                                .find(trial.getKey())
                                .map(mailbox -> trial(mailbox, trial.getValue(), now))),
                heard,
                evidence);
    }

    CohortAssessment.Evidence collect(
            ServerCohort.Suspicion suspicion, List<Mailbox> rest, boolean othersGoOn, Instant now) {
        return new CohortAssessment.Evidence(
                suspicion.trials().entrySet().stream().anyMatch(trial -> hasMissedEvent(trial.getKey(), trial.getValue())),
                rest.stream().anyMatch(mailbox -> isHeartbeatOverdue(mailbox, now)),
                store.callers().all().stream()
                        .anyMatch(caller -> isOtherServer(caller, suspicion)
                                && caller.lastHeardAt().isAfter(suspicion.silentSince())),
                othersGoOn);
    }

    boolean isOtherServer(CallbackSource caller, ServerCohort.Suspicion suspicion) {
        var name = suspicion.caller().name();
        return !caller.name().equals(name)
                && (name.host().isEmpty() || !caller.host().equals(name.host()));
    }

    private static Optional<Map.Entry<MailboxId, Instant>> latestTrial(ServerCohort.Suspicion suspicion) {
        return suspicion.trials().entrySet().stream().max(Map.Entry.comparingByValue(Comparator.naturalOrder()));
    }

    private static CohortAssessment.Trial trial(Mailbox mailbox, Instant triedAt, Instant now) {
        return new CohortAssessment.Trial(
                mailbox.subscribedAt()
                        .filter(at -> mailbox.live().isPresent() && !at.isBefore(triedAt))
                        .map(at -> Duration.between(at, now)),
                mailbox.calledBack() && calledBackAfter(mailbox, triedAt));
    }

    /// Whether something that happened before the trial was told only after it.
    private boolean hasMissedEvent(MailboxId mailbox, Instant triedAt) {
        var bound = triedAt.minus(MAX_DELAY).plus(slowestClockOffset(mailbox));
        return store.journal().newest(mailbox, event -> isPush(event), MAX_EVENTS, MAX_EVENTS).stream()
                .anyMatch(event ->
                        !event.recordedAt().isBefore(triedAt) && event.time().isBefore(bound));
    }

    /// Converts to Exchange's clock. If its servers' clocks disagree, the one that is furthest behind counts.
    private Duration slowestClockOffset(MailboxId id) {
        return store.mailboxes()
                .find(id)
                .map(mailbox -> store.exchangeOffsets()
                        .ofGroup(mailbox.membership().group())
                        .least())
                .orElse(Duration.ZERO);
    }

    private static boolean isPush(JournalEvent event) {
        return event.origin().filter(EventOrigin.PUSH::equals).isPresent();
    }

    private boolean isHeartbeatOverdue(Mailbox mailbox, Instant now) {
        var every = heartbeatIntervals.apply(mailbox);
        return every.isPresent()
                && mailbox.lastHeardAt()
                        .filter(at -> at.plus(every.get()).plus(grace).isBefore(now))
                        .isPresent();
    }

    private static boolean isSubscribedBefore(Mailbox mailbox, Instant moment) {
        return mailbox.subscribedAt().filter(at -> at.isBefore(moment)).isPresent();
    }

    private static boolean calledBackAfter(Mailbox mailbox, Instant moment) {
        return mailbox.lastHeardAt().filter(at -> at.isAfter(moment)).isPresent();
    }
}

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
import java.util.stream.Stream;

/// Collects the evidence about mailboxes that fell silent together. Reads only the store. Not thread-safe; used
/// by the sweep thread.
final class CohortEvidenceCollector {
    /// Supplies the heartbeat interval of a mailbox; empty if the mailbox is not configured.
    @FunctionalInterface
    interface HeartbeatIntervals {
        Optional<Duration> of(Mailbox mailbox);
    }

    /// Allows for the error of Exchange's known clock offset and the delay of a notification.
    private static final Duration MAX_DELAY = Duration.ofSeconds(15);

    private static final int MAX_EVENTS = 50;

    private final WatermarkStore store;
    private final HeartbeatIntervals heartbeatIntervals;
    private final Duration grace;

    /// Creates a collector.
    ///
    /// @param heartbeatIntervals heartbeat intervals of the configured mailboxes
    CohortEvidenceCollector(WatermarkStore store, HeartbeatIntervals heartbeatIntervals, Duration grace) {
        this.store = store;
        this.heartbeatIntervals = heartbeatIntervals;
        this.grace = grace;
    }

    /// Returns the mailboxes of a server whose silence counts: subscribed, called back before, without a
    /// pending compensation.
    List<Mailbox> silentMailboxes(CallbackSource.SourceKey source) {
        return store.callbackSources().mailboxes(source).stream()
                .filter(mailbox -> mailbox.live().isPresent()
                        && mailbox.calledBack()
                        && mailbox.due().isEmpty()
                        && heartbeatIntervals.of(mailbox).isPresent())
                .toList();
    }

    /// Returns the mailboxes of a suspicion that are still on the subscription from before the silence.
    List<Mailbox> untriedMailboxes(ServerCohort.Suspicion suspicion) {
        return suspicion.mailboxes().stream()
                .filter(id -> !suspicion.trials().containsKey(id))
                .flatMap(id -> store.mailboxes().find(id).stream())
                .filter(mailbox -> mailbox.live().isPresent() && isSubscribedBefore(mailbox, suspicion.silentSince()))
                .toList();
    }

    CohortAssessment assess(
            ServerCohort.Suspicion suspicion,
            List<Mailbox> untried,
            int falseAlarms,
            CohortAssessment.Evidence evidence,
            Instant now) {
        var olderTrials = suspicion.trials().entrySet().stream()
                .flatMap(trial -> store.mailboxes().find(trial.getKey()).stream()
                        .filter(mailbox -> isSubscribedBefore(mailbox, trial.getValue())));
        var restCalledBack = Stream.concat(untried.stream(), olderTrials)
                .anyMatch(mailbox -> calledBackAfter(mailbox, suspicion.silentSince()));
        return new CohortAssessment(
                Duration.between(suspicion.silentSince(), now),
                suspicion.caller().pace(),
                suspicion.caller().turns(),
                suspicion.mailboxes().size(),
                falseAlarms,
                suspicion.trials().size(),
                latestTrial(suspicion)
                        .flatMap(trial -> store.mailboxes()
                                .find(trial.getKey())
                                .map(mailbox -> trial(mailbox, trial.getValue(), now))),
                restCalledBack,
                evidence);
    }

    CohortAssessment.Evidence collect(
            ServerCohort.Suspicion suspicion, List<Mailbox> untried, boolean othersContinue, Instant now) {
        return new CohortAssessment.Evidence(
                suspicion.trials().entrySet().stream()
                        .anyMatch(trial -> hasMissedEvent(trial.getKey(), trial.getValue())),
                untried.stream().anyMatch(mailbox -> isHeartbeatOverdue(mailbox, now)),
                store.callbackSources().all().stream()
                        .anyMatch(caller -> isOtherServer(caller, suspicion)
                                && caller.lastHeardAt().isAfter(suspicion.silentSince())),
                othersContinue);
    }

    boolean isOtherServer(CallbackSource caller, ServerCohort.Suspicion suspicion) {
        var source = suspicion.caller().name();
        return !caller.name().equals(source)
                && (source.host().isEmpty() || !caller.host().equals(source.host()));
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

    /// Returns true if an event from before the trial arrived only after it.
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
                        .offsetOfGroup(mailbox.membership().group())
                        .least())
                .orElse(Duration.ZERO);
    }

    private static boolean isPush(JournalEvent event) {
        return event.origin().filter(EventOrigin.PUSH::equals).isPresent();
    }

    private boolean isHeartbeatOverdue(Mailbox mailbox, Instant now) {
        var every = heartbeatIntervals.of(mailbox);
        return every.isPresent()
                && mailbox.lastHeardAt()
                        .filter(at -> at.plus(every.get()).plus(grace).isBefore(now))
                        .isPresent();
    }

    private static boolean isSubscribedBefore(Mailbox mailbox, Instant instant) {
        return mailbox.subscribedAt().filter(at -> at.isBefore(instant)).isPresent();
    }

    private static boolean calledBackAfter(Mailbox mailbox, Instant instant) {
        return mailbox.lastHeardAt().filter(at -> at.isAfter(instant)).isPresent();
    }
}

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
    private static final Duration DELAY = Duration.ofSeconds(15);

    private static final int LATEST_EVENTS = 50;

    private final WatermarkStore store;
    private final Function<Mailbox, Optional<Duration>> heartbeats;
    private final Duration grace;

    /// `heartbeats` tells how often a mailbox's heartbeat comes; nothing for one that is none of ours.
    CohortEvidenceCollector(WatermarkStore store, Function<Mailbox, Optional<Duration>> heartbeats, Duration grace) {
        this.store = store;
        this.heartbeats = heartbeats;
        this.grace = grace;
    }

    /// Those of a caller whose silence says something: subscribed, heard of before, not being mended already.
    List<Mailbox> silent(CallbackSource.SourceKey name) {
        return store.callbackSources().mailboxes(name).stream()
                .filter(mailbox -> mailbox.live().isPresent()
                        && mailbox.calledBack()
                        && mailbox.due().isEmpty()
                        && heartbeats.apply(mailbox).isPresent())
                .toList();
    }

    /// Those that nobody touched since the silence began.
    List<Mailbox> rest(ServerCohort.Suspicion suspicion) {
        return suspicion.mailboxes().stream()
                .filter(id -> !suspicion.trials().containsKey(id))
                .flatMap(id -> store.mailboxes().find(id).stream())
                .filter(mailbox -> mailbox.live().isPresent() && isOlder(mailbox, suspicion.silentSince()))
                .toList();
    }

    CohortAssessment question(
            ServerCohort.Suspicion suspicion,
            List<Mailbox> rest,
            int believed,
            CohortAssessment.Evidence evidence,
            Instant now) {
        var old = suspicion.trials().entrySet().stream()
                .flatMap(trial -> store.mailboxes().find(trial.getKey()).stream()
                        .filter(mailbox -> isOlder(mailbox, trial.getValue())));
        var heard = Stream.concat(rest.stream(), old).anyMatch(mailbox -> heardAfter(mailbox, suspicion.silentSince()));
        return new CohortAssessment(
                Duration.between(suspicion.silentSince(), now),
                suspicion.caller().pace(),
                suspicion.caller().turns(),
                suspicion.mailboxes().size(),
                believed,
                suspicion.trials().size(),
                last(suspicion)
                        .flatMap(trial -> store.mailboxes()
                                .find(trial.getKey())
                                .map(mailbox -> trial(mailbox, trial.getValue(), now))),
                heard,
                evidence);
    }

    CohortAssessment.Evidence evidence(
            ServerCohort.Suspicion suspicion, List<Mailbox> rest, boolean othersGoOn, Instant now) {
        return new CohortAssessment.Evidence(
                suspicion.trials().entrySet().stream().anyMatch(trial -> missed(trial.getKey(), trial.getValue())),
                rest.stream().anyMatch(mailbox -> owesHeartbeat(mailbox, now)),
                store.callbackSources().all().stream()
                        .anyMatch(caller -> isAnother(caller, suspicion)
                                && caller.lastHeardAt().isAfter(suspicion.silentSince())),
                othersGoOn);
    }

    boolean isAnother(CallbackSource caller, ServerCohort.Suspicion suspicion) {
        var name = suspicion.caller().name();
        return !caller.name().equals(name)
                && (name.host().isEmpty() || !caller.host().equals(name.host()));
    }

    private static Optional<Map.Entry<MailboxId, Instant>> last(ServerCohort.Suspicion suspicion) {
        return suspicion.trials().entrySet().stream().max(Map.Entry.comparingByValue(Comparator.naturalOrder()));
    }

    private static CohortAssessment.Trial trial(Mailbox mailbox, Instant triedAt, Instant now) {
        return new CohortAssessment.Trial(
                mailbox.subscribedAt()
                        .filter(at -> mailbox.live().isPresent() && !at.isBefore(triedAt))
                        .map(at -> Duration.between(at, now)),
                mailbox.calledBack() && heardAfter(mailbox, triedAt));
    }

    /// Whether something that happened before the trial was told only after it.
    private boolean missed(MailboxId mailbox, Instant triedAt) {
        var bound = triedAt.minus(DELAY).plus(behindMost(mailbox));
        return store.journal().newest(mailbox, event -> isPush(event), LATEST_EVENTS, LATEST_EVENTS).stream()
                .anyMatch(event ->
                        !event.recordedAt().isBefore(triedAt) && event.time().isBefore(bound));
    }

    /// Converts to Exchange's clock. If its servers' clocks disagree, the one that is furthest behind counts.
    private Duration behindMost(MailboxId id) {
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

    private boolean owesHeartbeat(Mailbox mailbox, Instant now) {
        var every = heartbeats.apply(mailbox);
        return every.isPresent()
                && mailbox.lastHeardAt()
                        .filter(at -> at.plus(every.get()).plus(grace).isBefore(now))
                        .isPresent();
    }

    private static boolean isOlder(Mailbox mailbox, Instant moment) {
        return mailbox.subscribedAt().filter(at -> at.isBefore(moment)).isPresent();
    }

    private static boolean heardAfter(Mailbox mailbox, Instant moment) {
        return mailbox.lastHeardAt().filter(at -> at.isAfter(moment)).isPresent();
    }
}

package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.store.ResyncStore;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PushDegradation;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.StoredWatermark;
import dev.tidemark.subscriber.config.WatchedFolders;
import dev.tidemark.subscriber.connection.EwsErrorTraits;
import dev.tidemark.subscriber.connection.RequestPriority;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ReadableTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Recovers missed events of a mailbox by syncing its folders. The mailbox is subscribed before, so push and
/// sync leave no gap. A later run resumes an interrupted one. Called on the job's thread. Thread-safe.
final class Resynchronizer {
    private static final Logger log = LoggerFactory.getLogger(Resynchronizer.class);

    /// Name of resyncs in the journal.
    private static final String METHOD = "sync-folder-items";

    /// Name of snapshots in the journal.
    private static final String SNAPSHOT = "snapshot";

    private final WatermarkStore store;
    private final StalenessPolicy staleness;
    private final SubscriptionRetryPolicy retryPolicy;
    private final Collaborators collaborators;
    private final Clock clock;

    /// Parts of a subscriber that a resync uses.
    public record Collaborators(ResyncTracker tracker, FolderResolver resolver) {}

    public Resynchronizer(
            WatermarkStore store,
            StalenessPolicy staleness,
            SubscriptionRetryPolicy retryPolicy,
            Collaborators collaborators,
            Clock clock) {
        this.store = store;
        this.staleness = staleness;
        this.retryPolicy = retryPolicy;
        this.collaborators = collaborators;
        this.clock = clock;
    }

    /// Announces the changes since `since`, by Tidemark's clock.
    public SubscriptionOutcome run(MailboxJob job, Instant since) throws InterruptedException {
        collaborators.tracker().begin(job.id(), clock.instant());
        log.info("Resynchronizing {} for changes since {}", job.address(), ReadableTime.of(since));
        var baseline = baseline(job, since, EventOrigin.RESYNC);
        store.resyncs().prepare(job.id(), earliestKnown(job, since));
        var sender = MailboxRequestSender.of(job, RequestPriority.COMPENSATION);
        var context = new MailboxResyncContext(sender, mailbox -> !(mailbox.state() instanceof MailboxState.Paused));
        var result = sync(sender, context, baseline);
        if (result.interruption().isEmpty()) {
            return onCompleted(job);
        }
        return onInterrupted(job, result.interruption().get());
    }

    /// Stores the cause, which is shown until the resync is complete.
    private SubscriptionOutcome onInterrupted(MailboxJob job, SubscriptionOutcome interruption) {
        switch (interruption) {
            case SubscriptionOutcome.RetryAt retry
            when !EwsErrorTraits.isBackoff(retry) ->
                store.resyncs().recordInterruption(job.id(), retry.code() + ": " + retry.text());
            case SubscriptionOutcome.Skipped ignored -> collaborators.tracker().end(job.id());
            case SubscriptionOutcome.RetryAt ignored -> {}
            case SubscriptionOutcome.Failed ignored -> {}
            case SubscriptionOutcome.Subscribed ignored -> {}
            case SubscriptionOutcome.Resynced ignored -> {}
        }
        return interruption;
    }

    /// Announces the changes since the last poll of a mailbox whose push does not work. The first poll goes back
    /// to the last event of push. Ends when push is restored, because a resync is pending then.
    public PollResult poll(MailboxJob job, PushDegradation degradation, EventOrigin origin)
            throws InterruptedException {
        var startedAt = clock.instant();
        var mark = store.fallbacks().mark(job.id());
        var baseline = baseline(job, degradation.since(), origin);
        if (!isFullySynced(job, degradation)) {
            store.resyncs().prepare(job.id(), earliestKnown(job, degradation.since()));
        }
        var sender = MailboxRequestSender.of(
                job, origin == EventOrigin.POLL ? RequestPriority.POLL : RequestPriority.COMPENSATION);
        var context = new MailboxResyncContext(sender, mailbox -> mailbox.state() instanceof MailboxState.Degraded);
        var result = sync(sender, context, baseline);
        if (result.interruption().isEmpty()) {
            store.fallbacks().recordCaughtUp(job.id(), mark);
            if (snapshotSince(job).isPresent()) {
                recordRefresh(job, result, startedAt);
            }
            retryPolicy.reset(job);
        }
        return result;
    }

    /// Runs a snapshot, or refreshes sync states. Push works meanwhile; a change that push has not reported is
    /// one that it missed.
    public SubscriptionOutcome refreshSyncStates(MailboxRequestSender sender, Mailbox mailbox)
            throws InterruptedException {
        if (!needsNothingElse(mailbox)) {
            return new SubscriptionOutcome.Skipped("the mailbox needs a subscription or a resync first");
        }
        var job = sender.job();
        var startedAt = clock.instant();
        var origin = mailbox.snapshotSince().isPresent() ? EventOrigin.SNAPSHOT : EventOrigin.RESYNC;
        if (origin == EventOrigin.SNAPSHOT) {
            collaborators.tracker().begin(job.id(), startedAt);
        }
        var since = mailbox.watermark()
                .map(StoredWatermark::takenAt)
                .or(mailbox::subscribedAt)
                .orElse(startedAt)
                .minus(staleness.resyncMargin());
        var baseline = baseline(job, since, origin);
        store.resyncs().prepare(job.id(), earliestKnown(job, since));
        var context = new MailboxResyncContext(sender, Resynchronizer::needsNothingElse);
        var result = sync(sender, context, baseline);
        if (result.interruption().isEmpty()) {
            recordRefresh(job, result, startedAt);
        }
        return result.interruption()
                .map(interruption -> onInterrupted(job, interruption))
                .orElseGet(() -> new SubscriptionOutcome.Resynced(result.found()));
    }

    private static boolean needsNothingElse(Mailbox mailbox) {
        return mailbox.state() instanceof MailboxState.Active
                && mailbox.due().isEmpty()
                && mailbox.resyncSince().isEmpty();
    }

    private void recordRefresh(MailboxJob job, PollResult result, Instant startedAt) {
        var run = snapshotSince(job).flatMap(ignored -> collaborators.tracker().end(job.id()));
        var total = run.map(ResyncProgress::found).orElse(result.found());
        var start = run.map(ResyncProgress::startedAt).orElse(startedAt);
        store.resyncs().recordRefresh(job.id(), SNAPSHOT, total, Duration.between(start, clock.instant()));
        retryPolicy.reset(job);
        log.debug("Refreshed the sync states of {}: {}", job.address(), total);
    }

    private PollResult sync(MailboxRequestSender sender, MailboxResyncContext context, ResyncBaseline baseline)
            throws InterruptedException {
        return new MailboxSynchronizer(
                        sender, collaborators.resolver(), store.resyncs(), context, baseline, collaborators.tracker())
                .run();
    }

    private ResyncBaseline baseline(MailboxJob job, Instant since, EventOrigin origin) {
        return ResyncBaseline.of(
                new ResyncBaseline.Since(since, snapshotSince(job)),
                job.gate().exchangeClock(),
                staleness.retention(),
                clock.instant(),
                origin);
    }

    private Optional<Instant> snapshotSince(MailboxJob job) {
        return store.mailboxes().find(job.id()).flatMap(Mailbox::snapshotSince);
    }

    /// Returns whether every folder was read to its end since push was abandoned. Then a sync finds no event of
    /// push again.
    private boolean isFullySynced(MailboxJob job, PushDegradation degradation) {
        var states = store.resyncs().states(job.id());
        var expected = switch (job.plan().watched()) {
            case WatchedFolders.All ignored ->
                states.containsKey(FolderHierarchySynchronizer.KEY) ? 1 : Integer.MAX_VALUE;
            case WatchedFolders.Some some ->
                some.folders().size() + some.paths().size();
        };
        return states.size() >= expected
                && states.values().stream()
                        .allMatch(state -> state.complete() && state.takenAt().isAfter(degradation.at()));
    }

    private SubscriptionOutcome onCompleted(MailboxJob job) {
        var run = collaborators.tracker().end(job.id());
        var total = run.map(ResyncProgress::found).orElse(RecoveredPage.RecoveryCounts.NONE);
        var duration = run.map(each -> Duration.between(each.startedAt(), clock.instant()))
                .orElse(Duration.ZERO);
        store.resyncs().recordCompletion(job.id(), METHOD, total, duration);
        retryPolicy.reset(job);
        log.debug("Resynchronized {}: {}", job.address(), total);
        return new SubscriptionOutcome.Resynced(total);
    }

    /// Returns the start of the period for which the journal must recognize changes. A sync finds a deletion
    /// again until the sync state before it is replaced, even if push reported it long ago. The same applies to
    /// the creation of a folder, which has no date, and to all events of push during a snapshot.
    private Instant earliestKnown(MailboxJob job, Instant changedSince) {
        var since = job.gate().exchangeClock().coveredFrom(changedSince);
        if (snapshotSince(job).isPresent()) {
            return Instant.EPOCH;
        }
        var events = job.plan().events();
        var hasUndatedChanges = events.contains(ChangeKind.DELETED)
                || (job.plan().watched() instanceof WatchedFolders.All && events.contains(ChangeKind.CREATED));
        if (!hasUndatedChanges) {
            return since;
        }
        var oldest = clock.instant().minus(staleness.retention());
        return store.resyncs().states(job.id()).values().stream()
                .map(ResyncStore.FolderState::takenAt)
                .filter(takenAt -> takenAt.isAfter(oldest))
                .reduce(since, (one, other) -> one.isBefore(other) ? one : other);
    }

    private final class MailboxResyncContext implements FolderSynchronizer.ResyncContext {
        private final MailboxRequestSender sender;
        private final Predicate<Mailbox> predicate;

        MailboxResyncContext(MailboxRequestSender sender, Predicate<Mailbox> predicate) {
            this.sender = sender;
            this.predicate = predicate;
        }

        @Override
        public void recordPage(int changes, RecoveredPage.RecoveryCounts news) {
            collaborators.tracker().recordPage(sender.job().id(), changes, news);
        }

        @Override
        public boolean isWanted() {
            return !sender.isContended()
                    && store.mailboxes()
                            .find(sender.job().id())
                            .filter(predicate)
                            .isPresent();
        }

        @Override
        public SubscriptionOutcome onRefusal(EwsError error) {
            return retryPolicy.onRefusal(sender.job(), error);
        }

        @Override
        public int consecutiveFailures() {
            return retryPolicy.failures(sender.job());
        }
    }
}

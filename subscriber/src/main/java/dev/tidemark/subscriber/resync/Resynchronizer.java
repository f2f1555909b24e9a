package dev.tidemark.subscriber.resync;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.store.ResyncStore;
import dev.tidemark.store.WatermarkStore;
import dev.tidemark.store.model.EventOrigin;
import dev.tidemark.store.model.Mailbox;
import dev.tidemark.store.model.MailboxState;
import dev.tidemark.store.model.PushDegradation;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.store.model.StoredWatermark;
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

/// Brings back what a mailbox missed, by looking at its folders. The mailbox is subscribed already, so that
/// nothing falls between the two. A run that stops in the middle is resumed by the next one.
public final class Resynchronizer {
    private static final Logger log = LoggerFactory.getLogger(Resynchronizer.class);

    /// How the journal names this way of looking.
    private static final String METHOD = "sync-folder-items";

    /// And what it found of the time before the mailbox came.
    private static final String SNAPSHOT = "snapshot";

    private final WatermarkStore store;
    private final StalenessPolicy trust;
    private final SubscriptionRetryPolicy setbacks;
    private final Collaborators aids;
    private final Clock clock;

    /// What the parts of a subscriber share.
    public record Collaborators(ResyncTracker runs, FolderResolver finder) {}

    public Resynchronizer(
            WatermarkStore store,
            StalenessPolicy trust,
            SubscriptionRetryPolicy setbacks,
            Collaborators aids,
            Clock clock) {
        this.store = store;
        this.trust = trust;
        this.setbacks = setbacks;
        this.aids = aids;
        this.clock = clock;
    }

    /// Announces the changes since `since`, by our clock.
    public SubscriptionOutcome run(MailboxJob job, Instant since) throws InterruptedException {
        aids.runs().begin(job.id(), clock.instant());
        log.info("Resynchronizing {} for changes since {}", job.address(), ReadableTime.of(since));
        store.resyncs().prepare(job.id(), earliestKnown(job, since));
        var access = MailboxRequestSender.of(job, RequestPriority.COMPENSATION);
        var judge = new MailboxJudge(access, mailbox -> !(mailbox.state() instanceof MailboxState.Paused));
        var look = look(access, judge, baseline(job, since, EventOrigin.RESYNC));
        if (look.cut().isEmpty()) {
            return completed(job);
        }
        return interrupted(job, look.cut().get());
    }

    /// Stores the cause, which is shown until the resync is done.
    private SubscriptionOutcome interrupted(MailboxJob job, SubscriptionOutcome cut) {
        switch (cut) {
            case SubscriptionOutcome.RetryAt retry
            when !EwsErrorTraits.isHeldBack(retry) ->
                store.resyncs().recordInterruption(job.id(), retry.code() + ": " + retry.text());
            case SubscriptionOutcome.Skipped ignored -> aids.runs().end(job.id());
            case SubscriptionOutcome.RetryAt ignored -> {}
            case SubscriptionOutcome.Failed ignored -> {}
            case SubscriptionOutcome.Subscribed ignored -> {}
            case SubscriptionOutcome.Resynced ignored -> {}
        }
        return cut;
    }

    /// Announces what changed since the last such look at a mailbox whose push does not work; the first one
    /// goes back to what push told last. It ends when push is back, because a resync is owed then.
    public PollResult poll(MailboxJob job, PushDegradation degradation, EventOrigin origin)
            throws InterruptedException {
        var began = clock.instant();
        var mark = store.fallbacks().mark(job.id());
        if (!isLookedAt(job, degradation)) {
            store.resyncs().prepare(job.id(), earliestKnown(job, degradation.since()));
        }
        var access = MailboxRequestSender.of(
                job, origin == EventOrigin.POLL ? RequestPriority.POLL : RequestPriority.COMPENSATION);
        var judge = new MailboxJudge(access, mailbox -> mailbox.state() instanceof MailboxState.Degraded);
        var look = look(access, judge, baseline(job, degradation.since(), origin));
        if (look.cut().isEmpty()) {
            store.fallbacks().recordCaughtUp(job.id(), mark);
            if (snapshotSince(job).isPresent()) {
                lookedOver(job, look, began);
            }
            setbacks.over(job);
        }
        return look;
    }

    /// Brings a snapshot, or keeps states young. Push works meanwhile, and told what happened; what is told of
    /// it here all the same is what it missed.
    public SubscriptionOutcome lookOver(MailboxRequestSender access, Mailbox mailbox) throws InterruptedException {
        if (!isAtPeace(mailbox)) {
            return new SubscriptionOutcome.Skipped("it has more urgent needs");
        }
        var job = access.job();
        var began = clock.instant();
        var origin = mailbox.snapshotSince().isPresent() ? EventOrigin.SNAPSHOT : EventOrigin.RESYNC;
        if (origin == EventOrigin.SNAPSHOT) {
            aids.runs().begin(job.id(), began);
        }
        var since = mailbox.watermark()
                .map(StoredWatermark::takenAt)
                .or(mailbox::subscribedAt)
                .orElse(began)
                .minus(trust.resyncMargin());
        store.resyncs().prepare(job.id(), earliestKnown(job, since));
        var judge = new MailboxJudge(access, Resynchronizer::isAtPeace);
        var look = look(access, judge, baseline(job, since, origin));
        if (look.cut().isEmpty()) {
            lookedOver(job, look, began);
        }
        return look.cut()
                .map(cut -> interrupted(job, cut))
                .orElseGet(() -> new SubscriptionOutcome.Resynced(look.found()));
    }

    private static boolean isAtPeace(Mailbox mailbox) {
        return mailbox.state() instanceof MailboxState.Active
                && mailbox.due().isEmpty()
                && mailbox.resyncSince().isEmpty();
    }

    private void lookedOver(MailboxJob job, PollResult look, Instant began) {
        var run = snapshotSince(job).flatMap(ignored -> aids.runs().end(job.id()));
        var total = run.map(ResyncProgress::found).orElse(look.found());
        var start = run.map(ResyncProgress::startedAt).orElse(began);
        store.resyncs().recordRefresh(job.id(), SNAPSHOT, total, Duration.between(start, clock.instant()));
        setbacks.over(job);
        log.debug("Looked {} over: {}", job.address(), total);
    }

    private PollResult look(MailboxRequestSender access, MailboxJudge judge, ResyncBaseline baseline)
            throws InterruptedException {
        return new MailboxSynchronizer(access, aids.finder(), store.resyncs(), judge, baseline, aids.runs()).run();
    }

    private ResyncBaseline baseline(MailboxJob job, Instant since, EventOrigin origin) {
        return ResyncBaseline.of(
                new ResyncBaseline.Since(since, snapshotSince(job)),
                job.gate().exchangeClock(),
                trust.retention(),
                clock.instant(),
                origin);
    }

    private Optional<Instant> snapshotSince(MailboxJob job) {
        return store.mailboxes().find(job.id()).flatMap(Mailbox::snapshotSince);
    }

    /// Whether every folder has been read to its end since push was given up: then nothing that push told can
    /// be found any more.
    private boolean isLookedAt(MailboxJob job, PushDegradation degradation) {
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

    private SubscriptionOutcome completed(MailboxJob job) {
        var run = aids.runs().end(job.id());
        var total = run.map(ResyncProgress::found).orElse(RecoveredPage.RecoveryCounts.NONE);
        var took = run.map(each -> Duration.between(each.startedAt(), clock.instant()))
                .orElse(Duration.ZERO);
        store.resyncs().recordCompletion(job.id(), METHOD, total, took);
        setbacks.over(job);
        log.debug("Resynchronised {}: {}", job.address(), total);
        return new SubscriptionOutcome.Resynced(total);
    }

    /// A deletion is found again until the state that it is missing from is replaced, however long ago push
    /// reported it: what the journal holds since then has to be recognised too. So is the creation of a folder,
    /// which has no date, and all that push has told while a snapshot is under way.
    private Instant earliestKnown(MailboxJob job, Instant changedSince) {
        var since = job.gate().exchangeClock().coveredFrom(changedSince);
        if (snapshotSince(job).isPresent()) {
            return Instant.EPOCH;
        }
        var events = job.plan().events();
        var undated = events.contains(ChangeKind.DELETED)
                || (job.plan().watched() instanceof WatchedFolders.All && events.contains(ChangeKind.CREATED));
        if (!undated) {
            return since;
        }
        var oldest = clock.instant().minus(trust.retention());
        return store.resyncs().states(job.id()).values().stream()
                .map(ResyncStore.FolderState::takenAt)
                .filter(takenAt -> takenAt.isAfter(oldest))
                .reduce(since, (one, other) -> one.isBefore(other) ? one : other);
    }

    private final class MailboxJudge implements FolderSynchronizer.Judge {
        private final MailboxRequestSender access;
        private final Predicate<Mailbox> wanted;

        MailboxJudge(MailboxRequestSender access, Predicate<Mailbox> wanted) {
            this.access = access;
            this.wanted = wanted;
        }

        @Override
        public void read(int changes, RecoveredPage.RecoveryCounts news) {
            aids.runs().page(access.job().id(), changes, news);
        }

        @Override
        public boolean wanted() {
            return !access.isInTheWay()
                    && store.mailboxes().find(access.job().id()).filter(wanted).isPresent();
        }

        @Override
        public SubscriptionOutcome refused(EwsError error) {
            return setbacks.refused(access.job(), error);
        }

        @Override
        public int failures() {
            return setbacks.failures(access.job());
        }
    }
}

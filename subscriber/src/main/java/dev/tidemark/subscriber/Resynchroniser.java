package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsError;
import dev.tidemark.values.ChangeKind;
import dev.tidemark.values.ReadableTime;
import dev.tidemark.watermark.Degradation;
import dev.tidemark.watermark.Mailbox;
import dev.tidemark.watermark.MailboxState;
import dev.tidemark.watermark.Origin;
import dev.tidemark.watermark.Recovery;
import dev.tidemark.watermark.Resyncs;
import dev.tidemark.watermark.StoredWatermark;
import dev.tidemark.watermark.WatermarkStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings back what a mailbox missed, by looking at its folders. The mailbox is subscribed already, so that
/// nothing falls between the two. A run that stops in the middle is resumed by the next one.
final class Resynchroniser {
    private static final Logger log = LoggerFactory.getLogger(Resynchroniser.class);

    /// How the journal names this way of looking.
    private static final String METHOD = "sync-folder-items";

    /// And what it found of the time before the mailbox came.
    private static final String SNAPSHOT = "snapshot";

    private final WatermarkStore store;
    private final Trust trust;
    private final Setbacks setbacks;
    private final Aids aids;
    private final Clock clock;

    /// What the parts of a subscriber share.
    record Aids(ResyncRuns runs, FolderFinder finder) {}

    Resynchroniser(WatermarkStore store, Trust trust, Setbacks setbacks, Aids aids, Clock clock) {
        this.store = store;
        this.trust = trust;
        this.setbacks = setbacks;
        this.aids = aids;
        this.clock = clock;
    }

    /// Announces the changes since `since`, by our clock.
    Outcome run(Job job, Instant since) throws InterruptedException {
        aids.runs().begin(job.id(), clock.instant());
        log.info("Resynchronizing {} for changes since {}", job.address(), ReadableTime.of(since));
        var baseline = baseline(job, since, Origin.RESYNC);
        store.resyncs().prepare(job.id(), earliestKnown(job, since));
        var access = Access.of(job, Priority.COMPENSATION);
        var judge = new MailboxJudge(access, mailbox -> !(mailbox.state() instanceof MailboxState.Paused));
        var look = look(access, judge, baseline);
        if (look.cut().isEmpty()) {
            return completed(job);
        }
        return interrupted(job, look.cut().get());
    }

    /// Stores the cause, which is shown until the resync is done.
    private Outcome interrupted(Job job, Outcome cut) {
        switch (cut) {
            case Outcome.RetryAt retry
            when !Signs.isHeldBack(retry) -> store.resyncs().interrupted(job.id(), retry.code() + ": " + retry.text());
            case Outcome.Skipped ignored -> aids.runs().end(job.id());
            case Outcome.RetryAt ignored -> {}
            case Outcome.Failed ignored -> {}
            case Outcome.Subscribed ignored -> {}
            case Outcome.Resynced ignored -> {}
        }
        return cut;
    }

    /// Announces what changed since the last such look at a mailbox whose push does not work; the first one
    /// goes back to what push told last. It ends when push is back, because a resync is owed then.
    Polled poll(Job job, Degradation degradation, Origin origin) throws InterruptedException {
        var began = clock.instant();
        var mark = store.fallbacks().mark(job.id());
        var baseline = baseline(job, degradation.since(), origin);
        if (!isLookedAt(job, degradation)) {
            store.resyncs().prepare(job.id(), earliestKnown(job, degradation.since()));
        }
        var access = Access.of(job, origin == Origin.POLL ? Priority.POLL : Priority.COMPENSATION);
        var judge = new MailboxJudge(access, mailbox -> mailbox.state() instanceof MailboxState.Degraded);
        var look = look(access, judge, baseline);
        if (look.cut().isEmpty()) {
            store.fallbacks().caughtUp(job.id(), mark);
            if (snapshotSince(job).isPresent()) {
                lookedOver(job, look, began);
            }
            setbacks.over(job);
        }
        return look;
    }

    /// Brings a snapshot, or keeps states young. Push works meanwhile, and told what happened; what is told of
    /// it here all the same is what it missed.
    Outcome lookOver(Access access, Mailbox mailbox) throws InterruptedException {
        if (!isAtPeace(mailbox)) {
            return new Outcome.Skipped("it has more urgent needs");
        }
        var job = access.job();
        var began = clock.instant();
        var origin = mailbox.snapshotSince().isPresent() ? Origin.SNAPSHOT : Origin.RESYNC;
        if (origin == Origin.SNAPSHOT) {
            aids.runs().begin(job.id(), began);
        }
        var since = mailbox.watermark()
                .map(StoredWatermark::takenAt)
                .or(mailbox::subscribedAt)
                .orElse(began)
                .minus(trust.resyncMargin());
        var baseline = baseline(job, since, origin);
        store.resyncs().prepare(job.id(), earliestKnown(job, since));
        var judge = new MailboxJudge(access, Resynchroniser::isAtPeace);
        var look = look(access, judge, baseline);
        if (look.cut().isEmpty()) {
            lookedOver(job, look, began);
        }
        return look.cut().map(cut -> interrupted(job, cut)).orElseGet(() -> new Outcome.Resynced(look.found()));
    }

    private static boolean isAtPeace(Mailbox mailbox) {
        return mailbox.state() instanceof MailboxState.Active
                && mailbox.due().isEmpty()
                && mailbox.resyncSince().isEmpty();
    }

    private void lookedOver(Job job, Polled look, Instant began) {
        var run = snapshotSince(job).flatMap(ignored -> aids.runs().end(job.id()));
        var total = run.map(ResyncProgress::found).orElse(look.found());
        var start = run.map(ResyncProgress::startedAt).orElse(began);
        store.resyncs().lookedOver(job.id(), SNAPSHOT, total, Duration.between(start, clock.instant()));
        setbacks.over(job);
        log.debug("Looked {} over: {}", job.address(), total);
    }

    private Polled look(Access access, MailboxJudge judge, Baseline baseline) throws InterruptedException {
        return new MailboxLook(access, aids.finder(), store.resyncs(), judge, baseline, aids.runs()).run();
    }

    private Baseline baseline(Job job, Instant since, Origin origin) {
        return Baseline.of(
                new Baseline.Since(since, snapshotSince(job)),
                job.gate().exchangeClock(),
                trust.retention(),
                clock.instant(),
                origin);
    }

    private Optional<Instant> snapshotSince(Job job) {
        return store.mailboxes().find(job.id()).flatMap(Mailbox::snapshotSince);
    }

    /// Whether every folder has been read to its end since push was given up: then nothing that push told can
    /// be found any more.
    private boolean isLookedAt(Job job, Degradation degradation) {
        var states = store.resyncs().states(job.id());
        var expected = switch (job.plan().watched()) {
            case Watched.All ignored -> states.containsKey(FolderTreeSync.KEY) ? 1 : Integer.MAX_VALUE;
            case Watched.Some some -> some.folders().size() + some.paths().size();
        };
        return states.size() >= expected
                && states.values().stream()
                        .allMatch(state -> state.complete() && state.takenAt().isAfter(degradation.at()));
    }

    private Outcome completed(Job job) {
        var run = aids.runs().end(job.id());
        var total = run.map(ResyncProgress::found).orElse(Recovery.Count.NONE);
        var took = run.map(each -> Duration.between(each.startedAt(), clock.instant()))
                .orElse(Duration.ZERO);
        store.resyncs().completed(job.id(), METHOD, total, took);
        setbacks.over(job);
        log.debug("Resynchronised {}: {}", job.address(), total);
        return new Outcome.Resynced(total);
    }

    /// A deletion is found again until the state that it is missing from is replaced, however long ago push
    /// reported it: what the journal holds since then has to be recognised too. So is the creation of a folder,
    /// which has no date, and all that push has told while a snapshot is under way.
    private Instant earliestKnown(Job job, Instant changedSince) {
        var since = job.gate().exchangeClock().coveredFrom(changedSince);
        if (snapshotSince(job).isPresent()) {
            return Instant.EPOCH;
        }
        var events = job.plan().events();
        var undated = events.contains(ChangeKind.DELETED)
                || (job.plan().watched() instanceof Watched.All && events.contains(ChangeKind.CREATED));
        if (!undated) {
            return since;
        }
        var oldest = clock.instant().minus(trust.retention());
        return store.resyncs().states(job.id()).values().stream()
                .map(Resyncs.FolderState::takenAt)
                .filter(takenAt -> takenAt.isAfter(oldest))
                .reduce(since, (one, other) -> one.isBefore(other) ? one : other);
    }

    private final class MailboxJudge implements FolderSync.Judge {
        private final Access access;
        private final Predicate<Mailbox> wanted;

        MailboxJudge(Access access, Predicate<Mailbox> wanted) {
            this.access = access;
            this.wanted = wanted;
        }

        @Override
        public void read(int changes, Recovery.Count news) {
            aids.runs().page(access.job().id(), changes, news);
        }

        @Override
        public boolean wanted() {
            return !access.isInTheWay()
                    && store.mailboxes().find(access.job().id()).filter(wanted).isPresent();
        }

        @Override
        public Outcome refused(EwsError error) {
            return setbacks.refused(access.job(), error);
        }

        @Override
        public int failures() {
            return setbacks.failures(access.job());
        }
    }
}

package dev.tidemark.subscriber;

import dev.tidemark.ews.ChangeKind;
import dev.tidemark.ews.EwsError;
import dev.tidemark.watermark.Degradation;
import dev.tidemark.watermark.Mailbox;
import dev.tidemark.watermark.MailboxState;
import dev.tidemark.watermark.Origin;
import dev.tidemark.watermark.Recovery;
import dev.tidemark.watermark.Resyncs;
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

    private final WatermarkStore store;
    private final Trust trust;
    private final Setbacks setbacks;
    private final ResyncRuns runs;
    private final Clock clock;

    Resynchroniser(WatermarkStore store, Trust trust, Setbacks setbacks, ResyncRuns runs, Clock clock) {
        this.store = store;
        this.runs = runs;
        this.trust = trust;
        this.setbacks = setbacks;
        this.clock = clock;
    }

    /// Announces what changed since `since`, by Exchange's clock.
    Outcome run(Job job, Instant since) throws InterruptedException {
        var now = clock.instant();
        runs.begin(job.id(), now, job.plan().folders().size());
        log.info("Resynchronising {} for what changed since {}", job.address(), since);
        store.resyncs().prepare(job.id(), earliestKnown(job, since));
        var judge = new MailboxJudge(job, mailbox -> !(mailbox.state() instanceof MailboxState.Paused));
        var look = look(job, judge, new FolderSync.Baseline(since, trust.retention(), now, Origin.RESYNC));
        if (look.cut().isEmpty()) {
            return completed(job);
        }
        if (look.cut().get() instanceof Outcome.Skipped) {
            runs.end(job.id());
        }
        return look.cut().get();
    }

    /// Announces what changed since the last such look at a mailbox whose push does not work; the first one
    /// goes back to what push told last. It ends when push is back, because a resync is owed then.
    Polled poll(Job job, Degradation degradation, Origin origin) throws InterruptedException {
        var mark = store.fallbacks().mark(job.id());
        if (!isLookedAt(job, degradation)) {
            store.resyncs().prepare(job.id(), earliestKnown(job, degradation.since()));
        }
        var judge = new MailboxJudge(job, mailbox -> mailbox.state() instanceof MailboxState.Degraded);
        var baseline = new FolderSync.Baseline(degradation.since(), trust.retention(), clock.instant(), origin);
        var look = look(job, judge, baseline);
        if (look.cut().isEmpty()) {
            store.fallbacks().caughtUp(job.id(), mark);
            setbacks.over(job);
        }
        return look;
    }

    private Polled look(Job job, MailboxJudge judge, FolderSync.Baseline baseline) throws InterruptedException {
        var total = Recovery.Count.NONE;
        var requests = 0;
        for (var folder : job.plan().folders()) {
            var sync = new FolderSync(job, folder, store.resyncs(), judge, baseline);
            var result = sync.run();
            requests += sync.requests();
            switch (result) {
                case FolderSync.Result.Read read -> {
                    total = total.plus(read.count());
                    runs.folderRead(job.id());
                }
                case FolderSync.Result.Stopped stopped -> {
                    return new Polled(total, requests, Optional.of(stopped.outcome()));
                }
            }
        }
        return new Polled(total, requests, Optional.empty());
    }

    /// Whether every folder has been read to its end since push was given up: then nothing that push told can
    /// be found any more.
    private boolean isLookedAt(Job job, Degradation degradation) {
        return job.plan().folders().stream()
                .map(folder -> store.resyncs().state(job.id(), GroupPlan.key(folder)))
                .allMatch(state -> state.filter(
                                read -> read.complete() && read.takenAt().isAfter(degradation.at()))
                        .isPresent());
    }

    private Outcome completed(Job job) {
        var run = runs.end(job.id());
        var total = run.map(ResyncProgress::found).orElse(Recovery.Count.NONE);
        var took = run.map(each -> Duration.between(each.startedAt(), clock.instant()))
                .orElse(Duration.ZERO);
        store.resyncs().completed(job.id(), METHOD, total, took);
        setbacks.over(job);
        log.debug("Resynchronised {}: {}", job.address(), total);
        return new Outcome.Resynced(total);
    }

    /// A deletion is found again until the state that it is missing from is replaced, however long ago push
    /// reported it: what the journal holds since then has to be recognised too.
    private Instant earliestKnown(Job job, Instant since) {
        if (!job.plan().events().contains(ChangeKind.DELETED)) {
            return since;
        }
        var oldest = clock.instant().minus(trust.retention());
        return job.plan().folders().stream()
                .flatMap(folder -> store.resyncs().state(job.id(), GroupPlan.key(folder)).stream())
                .map(Resyncs.FolderState::takenAt)
                .filter(takenAt -> takenAt.isAfter(oldest))
                .reduce(since, (one, other) -> one.isBefore(other) ? one : other);
    }

    private final class MailboxJudge implements FolderSync.Judge {
        private final Job job;
        private final Predicate<Mailbox> wanted;

        MailboxJudge(Job job, Predicate<Mailbox> wanted) {
            this.job = job;
            this.wanted = wanted;
        }

        @Override
        public void read(int changes, Recovery.Count news) {
            runs.page(job.id(), changes, news);
        }

        @Override
        public boolean wanted() {
            return store.mailboxes().find(job.id()).filter(wanted).isPresent();
        }

        @Override
        public Outcome refused(EwsError error) {
            if (Signs.isOurDoing(error)) {
                return new Outcome.Skipped("Tidemark is stopping");
            }
            return switch (error) {
                case EwsError.PermanentForMailbox permanent -> setbacks.permanent(job, permanent);
                case EwsError.PermanentForConnection permanent -> setbacks.permanent(job, permanent);
                case EwsError.RetryAfter retry ->
                    setbacks.hopeless(job, retry)
                            ? setbacks.permanent(job, retry)
                            : setbacks.again(job, retry, retry.backOff());
                case EwsError.RetryNarrower retry -> setbacks.again(job, retry);
                case EwsError.ResubscribeFromWatermark other -> setbacks.again(job, other);
                case EwsError.ResubscribeAndResync other -> setbacks.again(job, other);
                case EwsError.DropSyncState other -> setbacks.again(job, other);
                case EwsError.FolderGone other -> setbacks.again(job, other);
                case EwsError.Rediscover other -> setbacks.again(job, other);
            };
        }
    }
}

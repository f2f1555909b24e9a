package dev.tidemark.subscriber;

import dev.tidemark.ews.ChangeKind;
import dev.tidemark.ews.EwsError;
import dev.tidemark.watermark.MailboxState;
import dev.tidemark.watermark.Recovery;
import dev.tidemark.watermark.Resyncs;
import dev.tidemark.watermark.WatermarkStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
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
        var baseline = new FolderSync.Baseline(since, trust.retention(), now);
        for (var folder : job.plan().folders()) {
            switch (new FolderSync(job, folder, store.resyncs(), new MailboxJudge(job), baseline).run()) {
                case FolderSync.Result.Read ignored -> runs.folderRead(job.id());
                case FolderSync.Result.Stopped stopped -> {
                    if (stopped.outcome() instanceof Outcome.Skipped) {
                        runs.end(job.id());
                    }
                    return stopped.outcome();
                }
            }
        }
        return completed(job);
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

        MailboxJudge(Job job) {
            this.job = job;
        }

        @Override
        public void read(int changes, Recovery.Count news) {
            runs.page(job.id(), changes, news);
        }

        @Override
        public boolean wanted() {
            return store.mailboxes()
                    .find(job.id())
                    .filter(mailbox -> !(mailbox.state() instanceof MailboxState.Paused))
                    .isPresent();
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

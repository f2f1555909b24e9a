package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsAnswer;
import dev.tidemark.ews.EwsError;
import dev.tidemark.ews.EwsRequest;
import dev.tidemark.ews.FolderRef;
import dev.tidemark.ews.SyncPage;
import dev.tidemark.ews.SyncState;
import dev.tidemark.watermark.Origin;
import dev.tidemark.watermark.Recovery;
import dev.tidemark.watermark.Resyncs;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one folder of one mailbox to its end, page by page, and stores each page with the state to go on
/// from. Used once, by one thread.
final class FolderSync {
    /// What came of it.
    sealed interface Result {
        record Read(Recovery.Count count) implements Result {}

        /// Not read to its end: what is stored stays, and the next run goes on from there.
        record Stopped(Outcome outcome) implements Result {}
    }

    /// Knows of the whole resync: counts its pages, and decides what a refusal means for it.
    interface Judge {
        /// A page is stored; so much of it was news.
        void read(int changes, Recovery.Count news);

        /// Whether the mailbox is still ours to read.
        boolean wanted();

        Outcome refused(EwsError error);
    }

    private static final Logger log = LoggerFactory.getLogger(FolderSync.class);

    private static final String TOO_MUCH_WORK = "ErrorTimeoutExpired";

    /// What is left to ask for when a page was too much work (docs, handling-synchronization-related-errors).
    private static final int SMALL_PAGE = 10;

    private final Job job;
    private final FolderRef folder;
    private final Resyncs resyncs;
    private final Judge judge;
    private final Baseline baseline;
    private Announcement.Measure measure;
    private Optional<SyncState> state;
    private int pageSize = EwsRequest.MOST_CHANGES;
    private Recovery.Count count = Recovery.Count.NONE;
    private int requests;
    /// a server that gives states which it then refuses would be read from zero for ever
    private boolean restarted;

    FolderSync(Job job, FolderRef folder, Resyncs resyncs, Judge judge, Baseline baseline) {
        this.job = job;
        this.folder = folder;
        this.resyncs = resyncs;
        this.judge = judge;
        this.baseline = baseline;
        var stored = resyncs.state(job.id(), GroupPlan.key(folder));
        this.state = stored.map(Resyncs.FolderState::state);
        this.measure = baseline.measure(job, folder, stored.map(Resyncs.FolderState::takenAt));
    }

    /// Against what news are told from what is old.
    /// `origin` says who looks, and so how urgent it is.
    record Baseline(Instant since, Duration retention, Instant now, Origin origin) {
        Priority priority() {
            return origin == Origin.POLL ? Priority.POLL : Priority.COMPENSATION;
        }

        Announcement.Measure measure(Job job, FolderRef folder, Optional<Instant> takenAt) {
            var age = takenAt.map(taken -> Duration.between(taken, now));
            return new Announcement.Measure(job.plan().events(), folder, since, age, retention, now);
        }
    }

    Result run() throws InterruptedException {
        while (true) {
            if (!judge.wanted()) {
                return new Result.Stopped(new Outcome.Skipped("the mailbox is no longer to be read"));
            }
            var result = nextPage();
            if (result.isPresent()) {
                return result.get();
            }
        }
    }

    /// Sent so far.
    int requests() {
        return requests;
    }

    private Optional<Result> nextPage() throws InterruptedException {
        EwsAnswer<SyncPage> answer;
        try (var turn = job.gate().enter(baseline.priority(), job.address())) {
            var obstacle = turn.obstacle();
            if (obstacle.isPresent()) {
                return Optional.of(new Result.Stopped(obstacle.get()));
            }
            requests++;
            answer = turn.send(new EwsRequest.SyncFolderItems(folder, state, pageSize));
        }
        return switch (answer) {
            case EwsAnswer.Success<SyncPage> success -> stored(success.value());
            case EwsAnswer.Refused<SyncPage> refused -> refused(refused.error());
        };
    }

    private Optional<Result> stored(SyncPage page) {
        var news = Announcement.of(page, measure);
        var counted = resyncs.store(new Recovery(
                job.id(), baseline.origin(), news.found(), GroupPlan.key(folder), page.state(), page.last()));
        var told = counted.plus(new Recovery.Count(0, 0, 0, news.suppressed()));
        judge.read(page.changes().size(), told);
        count = count.plus(told);
        log.debug("Read {} changes of {} in {}, {} are news", page.changes().size(), job.address(), folder, counted);
        var stuck =
                page.changes().isEmpty() && state.filter(page.state()::equals).isPresent();
        state = Optional.of(page.state());
        return page.last() || stuck ? Optional.of(new Result.Read(count)) : Optional.empty();
    }

    private Optional<Result> refused(EwsError error) {
        return switch (error) {
            case EwsError.DropSyncState dropped ->
                state.isPresent() && !restarted ? fromZero(dropped) : stopped(dropped);
            case EwsError.RetryAfter retry -> tooMuch(retry) ? withSmallerPages() : stopped(retry);
            case EwsError.FolderGone gone -> Optional.of(withoutFolder(gone));
            case EwsError.RetryNarrower other -> stopped(other);
            case EwsError.ResubscribeFromWatermark other -> stopped(other);
            case EwsError.ResubscribeAndResync other -> stopped(other);
            case EwsError.Rediscover other -> stopped(other);
            case EwsError.PermanentForMailbox other -> stopped(other);
            case EwsError.PermanentForConnection other -> stopped(other);
        };
    }

    private boolean tooMuch(EwsError.RetryAfter error) {
        return error.code().value().equals(TOO_MUCH_WORK) && pageSize > SMALL_PAGE;
    }

    private Optional<Result> stopped(EwsError error) {
        return Optional.of(new Result.Stopped(judge.refused(error)));
    }

    private Optional<Result> fromZero(EwsError.DropSyncState error) {
        log.info(
                "Exchange refused the sync state of {} in {}, reading it from zero: {}",
                job.address(),
                folder,
                error.code());
        resyncs.forget(job.id(), GroupPlan.key(folder));
        resyncs.prepare(job.id(), baseline.since());
        state = Optional.empty();
        restarted = true;
        measure = measure.fromZero();
        return Optional.empty();
    }

    private Optional<Result> withSmallerPages() {
        pageSize = SMALL_PAGE;
        return Optional.empty();
    }

    private Result withoutFolder(EwsError.FolderGone error) {
        log.warn("{} has no folder {}, so that nothing is read there: {}", job.address(), folder, error.text());
        resyncs.forget(job.id(), GroupPlan.key(folder));
        return new Result.Read(count);
    }
}

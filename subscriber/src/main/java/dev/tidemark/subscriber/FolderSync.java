package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsError;
import dev.tidemark.ews.EwsRequest;
import dev.tidemark.ews.SyncPage;
import dev.tidemark.values.SyncState;
import dev.tidemark.watermark.Recovery;
import dev.tidemark.watermark.Resyncs;
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

        /// The mailbox does not have it any more.
        record Gone() implements Result {}

        /// Not read to its end because of what is in this folder; the others may be read. What is stored stays.
        record Unreadable(EwsError error) implements Result {}

        /// Not read to its end, and the others should not be tried: what is stored stays, and the next run goes on
        /// from there.
        record Stopped(Outcome outcome) implements Result {}
    }

    /// Knows of the whole resync: counts its pages, and decides what a refusal means for it.
    interface Judge {
        /// A page is stored; so much of it was news.
        void read(int changes, Recovery.Count news);

        /// Whether the mailbox is still ours to read.
        boolean wanted();

        Outcome refused(EwsError error);

        /// Returns the number of failures in a row for this mailbox.
        int failures();
    }

    private static final Logger log = LoggerFactory.getLogger(FolderSync.class);

    private static final String TOO_MUCH_WORK = "ErrorTimeoutExpired";

    /// What is left to ask for when a page was too much work (docs, handling-synchronization-related-errors).
    private static final int SMALL_PAGE = 10;

    /// Runs without progress before the folder is read from zero.
    private static final int MOST_TRIES = 2;

    private final Access access;
    private final Target folder;
    private final Resyncs resyncs;
    private final Judge judge;
    private final Baseline baseline;
    private Announcement.Measure measure;
    private Optional<SyncState> state;
    private int pageSize = EwsRequest.MOST_CHANGES;
    private Recovery.Count count = Recovery.Count.NONE;
    private CursorGuard guard;
    private Instant knownSince;
    /// a server that gives states which it then refuses would be read from zero for ever
    private boolean restarted;

    FolderSync(Access access, Target folder, Resyncs resyncs, Judge judge, Baseline baseline) {
        this.access = access;
        this.folder = folder;
        this.resyncs = resyncs;
        this.judge = judge;
        this.baseline = baseline;
        this.knownSince = baseline.preparedSince();
        var stored = resyncs.state(job().id(), folder.key());
        this.state = stored.map(Resyncs.FolderState::state);
        this.guard = new CursorGuard(state);
        this.measure = new Announcement.Measure(
                job().plan().events(), folder, baseline, stored.map(Resyncs.FolderState::takenAt));
    }

    private Job job() {
        return access.job();
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

    private Optional<Result> nextPage() throws InterruptedException {
        return switch (access.ask(new EwsRequest.SyncFolderItems(folder.ref(), state, pageSize))) {
            case Reply.Got<SyncPage>(var page) -> stored(page);
            case Reply.Refused<SyncPage>(var error) -> refused(error);
            case Reply.Unsent<SyncPage>(var outcome) -> Optional.of(new Result.Stopped(outcome));
        };
    }

    private Optional<Result> stored(SyncPage page) {
        prepare();
        var news = Announcement.of(page, measure);
        var counted = resyncs.store(
                new Recovery(job().id(), baseline.origin(), news.found(), folder.key(), page.state(), page.last()));
        var told = counted.plus(new Recovery.Count(0, 0, 0, news.suppressed()));
        judge.read(page.changes().size(), told);
        count = count.plus(told);
        log.debug(
                "Read {} changes of {} in {}, {} are news",
                page.changes().size(),
                job().address(),
                folder.ref(),
                counted);
        state = Optional.of(page.state());
        if (page.last()) {
            return Optional.of(new Result.Read(count));
        }
        return guard.advances(page.state(), page.changes()) ? Optional.empty() : withoutProgress();
    }

    /// Ends a run without progress; the next one continues from the stored state. After the third such run in a
    /// row, the state is dropped like one that Exchange refuses.
    private Optional<Result> withoutProgress() {
        var error = CursorGuard.error("folder " + folder.ref());
        return judge.failures() >= MOST_TRIES && !restarted ? fromZero(error) : stopped(error);
    }

    /// Has the journal recognize more where the clock that the page was read by looks back further.
    private void prepare() {
        var needed = baseline.knownSince();
        if (needed.isBefore(knownSince)) {
            resyncs.prepare(job().id(), needed);
            knownSince = needed;
        }
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
        return Optional.of(
                Signs.mayBeOfFolder(error) ? new Result.Unreadable(error) : new Result.Stopped(judge.refused(error)));
    }

    private Optional<Result> fromZero(EwsError error) {
        log.info(
                "The sync state of {} in {} cannot be used; reading the folder from zero: {}",
                job().address(),
                folder.ref(),
                error.code());
        // the old state stays until the first page replaces it: it is what says that there is this folder
        knownSince = baseline.knownSince();
        resyncs.prepare(job().id(), knownSince);
        state = Optional.empty();
        restarted = true;
        guard = new CursorGuard(state);
        measure = measure.fromZero();
        return Optional.empty();
    }

    private Optional<Result> withSmallerPages() {
        pageSize = SMALL_PAGE;
        return Optional.empty();
    }

    private Result withoutFolder(EwsError.FolderGone error) {
        log.warn("{} has no folder {}, so that nothing is read there: {}", job().address(), folder.ref(), error.text());
        if (job().plan().watched() instanceof Watched.Some) {
            // who watches all is told by the hierarchy when a folder is gone for good
            resyncs.forget(job().id(), folder.key());
        }
        return new Result.Gone();
    }
}

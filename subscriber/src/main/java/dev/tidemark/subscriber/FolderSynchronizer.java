package dev.tidemark.subscriber;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.SyncPage;
import dev.tidemark.store.ResyncStore;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.subscriber.config.WatchedFolders;
import dev.tidemark.subscriber.connection.EwsErrorTraits;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.values.SyncState;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one folder of a mailbox to its end, page by page. Stores each page with the sync state of the next one.
/// Not thread-safe; used once by the job's thread.
final class FolderSynchronizer {
    /// Result of a run.
    sealed interface Result {
        record Read(RecoveredPage.RecoveryCounts count) implements Result {}

        /// The mailbox no longer has the folder.
        record Gone() implements Result {}

        /// Not read to its end because of the folder's content; other folders may be readable. Stored pages
        /// stay.
        record Unreadable(EwsError error) implements Result {}

        /// Not read to its end; other folders must not be tried now. Stored pages stay, and the next run resumes
        /// there.
        record Stopped(SubscriptionOutcome outcome) implements Result {}
    }

    /// Context of the whole resync: counts its pages and decides the consequences of a refusal.
    interface ResyncContext {
        /// Counts a stored page.
        ///
        /// @param changes changes on the page
        /// @param news changes that were news
        void recordPage(int changes, RecoveredPage.RecoveryCounts news);

        /// Returns whether the mailbox may still be read.
        boolean isWanted();

        SubscriptionOutcome onRefusal(EwsError error);

        /// Returns the number of consecutive failures of this mailbox.
        int consecutiveFailures();
    }

    private static final Logger log = LoggerFactory.getLogger(FolderSynchronizer.class);

    private static final String TIMEOUT_EXPIRED = "ErrorTimeoutExpired";

    /// Page size after a page was too much work (docs, handling-synchronization-related-errors).
    private static final int SMALL_PAGE = 10;

    /// Runs without progress before the folder is read from zero.
    private static final int MAX_RUNS_WITHOUT_PROGRESS = 2;

    private final MailboxRequestSender sender;
    private final FolderTarget folder;
    private final ResyncStore resyncs;
    private final ResyncContext context;
    private final ResyncBaseline baseline;
    private SyncPageNews.NewsCriteria criteria;
    private Optional<SyncState> state;
    private int pageSize = EwsRequest.MAX_CHANGES;
    private RecoveredPage.RecoveryCounts count = RecoveredPage.RecoveryCounts.NONE;
    private CursorGuard guard;
    /// start of the period for which the journal recognizes changes
    private Instant knownSince;
    /// prevents an endless loop with a server that refuses the states it returned
    private boolean restarted;

    FolderSynchronizer(
            MailboxRequestSender sender,
            FolderTarget folder,
            ResyncStore resyncs,
            ResyncContext context,
            ResyncBaseline baseline) {
        this.sender = sender;
        this.folder = folder;
        this.resyncs = resyncs;
        this.context = context;
        this.baseline = baseline;
        this.knownSince = baseline.preparedSince();
        var stored = resyncs.state(job().id(), folder.key());
        this.state = stored.map(ResyncStore.FolderState::state);
        this.guard = new CursorGuard(state);
        this.criteria = new SyncPageNews.NewsCriteria(
                job().plan().events(), folder, baseline, stored.map(ResyncStore.FolderState::takenAt));
    }

    private MailboxJob job() {
        return sender.job();
    }

    Result run() throws InterruptedException {
        while (true) {
            if (!context.isWanted()) {
                return new Result.Stopped(new SubscriptionOutcome.Skipped("the mailbox must not be read any more"));
            }
            var result = nextPage();
            if (result.isPresent()) {
                return result.get();
            }
        }
    }

    private Optional<Result> nextPage() throws InterruptedException {
        return switch (sender.send(new EwsRequest.SyncFolderItems(folder.ref(), state, pageSize))) {
            case RequestResult.Got<SyncPage>(var page) -> storePage(page);
            case RequestResult.Refused<SyncPage>(var error) -> onRefusal(error);
            case RequestResult.Unsent<SyncPage>(var outcome) -> Optional.of(new Result.Stopped(outcome));
        };
    }

    private Optional<Result> storePage(SyncPage page) {
        prepare();
        var news = SyncPageNews.of(page, criteria);
        var counted = resyncs.store(new RecoveredPage(
                job().id(), baseline.origin(), news.found(), folder.key(), page.state(), page.last()));
        var counts = counted.plus(new RecoveredPage.RecoveryCounts(0, 0, 0, news.suppressed()));
        context.recordPage(page.changes().size(), counts);
        count = count.plus(counts);
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
        return guard.advances(page.state(), page.changes()) ? Optional.empty() : onNoProgress();
    }

    /// Ends a run without progress; the next one continues from the stored state. The third such run in a row
    /// drops the state like one that Exchange refuses.
    private Optional<Result> onNoProgress() {
        var error = CursorGuard.error("folder " + folder.ref());
        return context.consecutiveFailures() >= MAX_RUNS_WITHOUT_PROGRESS && !restarted
                ? restartFromZero(error)
                : stop(error);
    }

    /// Extends the period that the journal recognizes if the clock of the page's response requires it.
    private void prepare() {
        var needed = baseline.knownSince();
        if (needed.isBefore(knownSince)) {
            resyncs.prepare(job().id(), needed);
            knownSince = needed;
        }
    }

    private Optional<Result> onRefusal(EwsError error) {
        return switch (error) {
            case EwsError.DropSyncState dropped ->
                state.isPresent() && !restarted ? restartFromZero(dropped) : stop(dropped);
            case EwsError.RetryAfter retry -> isPageTooLarge(retry) ? reducePageSize() : stop(retry);
            case EwsError.FolderGone gone -> Optional.of(onFolderGone(gone));
            case EwsError.RetryNarrower other -> stop(other);
            case EwsError.ResubscribeFromWatermark other -> stop(other);
            case EwsError.ResubscribeAndResync other -> stop(other);
            case EwsError.Rediscover other -> stop(other);
            case EwsError.PermanentForMailbox other -> stop(other);
            case EwsError.PermanentForConnection other -> stop(other);
        };
    }

    private boolean isPageTooLarge(EwsError.RetryAfter error) {
        return error.code().value().equals(TIMEOUT_EXPIRED) && pageSize > SMALL_PAGE;
    }

    private Optional<Result> stop(EwsError error) {
        return Optional.of(
                EwsErrorTraits.mayConcernFolder(error)
                        ? new Result.Unreadable(error)
                        : new Result.Stopped(context.onRefusal(error)));
    }

    private Optional<Result> restartFromZero(EwsError error) {
        log.info(
                "The sync state of {} in {} is unusable; reading the folder from zero: {}",
                job().address(),
                folder.ref(),
                error.code());
        // the old state stays until the first page replaces it: its presence marks the folder as known
        knownSince = baseline.knownSince();
        resyncs.prepare(job().id(), knownSince);
        state = Optional.empty();
        restarted = true;
        guard = new CursorGuard(state);
        criteria = criteria.fromZero();
        return Optional.empty();
    }

    private Optional<Result> reducePageSize() {
        pageSize = SMALL_PAGE;
        return Optional.empty();
    }

    private Result onFolderGone(EwsError.FolderGone error) {
        log.warn("{} has no folder {}; skipping it: {}", job().address(), folder.ref(), error.text());
        if (job().plan().watched() instanceof WatchedFolders.Some) {
            // for a group that watches all folders, the hierarchy reports a deleted folder
            resyncs.forget(job().id(), folder.key());
        }
        return new Result.Gone();
    }
}

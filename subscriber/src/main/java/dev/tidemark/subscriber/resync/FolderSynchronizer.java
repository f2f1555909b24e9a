package dev.tidemark.subscriber.resync;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.EwsRequest;
import dev.tidemark.ews.message.SyncPage;
import dev.tidemark.store.ResyncStore;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.subscriber.connection.EwsErrorTraits;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.values.SyncState;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one folder of one mailbox to its end, page by page, and stores each page with the state to go on
/// from. Used once, by one thread.
final class FolderSynchronizer {
    /// What came of it.
    sealed interface Result {
        record Read(RecoveredPage.RecoveryCounts count) implements Result {}

        /// The mailbox does not have it any more.
        record Gone() implements Result {}

        /// Not read to its end because of what is in this folder; the others may be read. What is stored stays.
        record Unreadable(EwsError error) implements Result {}

        /// Not read to its end, and the others should not be tried: what is stored stays, and the next run goes on
        /// from there.
        record Stopped(SubscriptionOutcome outcome) implements Result {}
    }

    /// Knows of the whole resync: counts its pages, and decides what a refusal means for it.
    interface Judge {
        /// A page is stored; so much of it was news.
        void read(int changes, RecoveredPage.RecoveryCounts news);

        /// Whether the mailbox is still ours to read.
        boolean wanted();

        SubscriptionOutcome refused(EwsError error);

        /// Returns the number of failures in a row for this mailbox.
        int failures();
    }

    private static final Logger log = LoggerFactory.getLogger(FolderSynchronizer.class);

    private static final String TOO_MUCH_WORK = "ErrorTimeoutExpired";

    /// What is left to ask for when a page was too much work (docs, handling-synchronization-related-errors).
    private static final int SMALL_PAGE = 10;

    /// Runs without progress before the folder is read from zero.
    private static final int MOST_TRIES = 2;

    private final MailboxRequestSender access;
    private final FolderTarget folder;
    private final ResyncStore resyncs;
    private final Judge judge;
    private final ResyncBaseline baseline;
    private SyncPageNews.NewsCriteria measure;
    private Optional<SyncState> state;
    private int pageSize = EwsRequest.MAX_CHANGES;
    private RecoveredPage.RecoveryCounts count = RecoveredPage.RecoveryCounts.NONE;
    private CursorGuard guard;
    /// a server that gives states which it then refuses would be read from zero for ever
    private boolean restarted;

    FolderSynchronizer(
            MailboxRequestSender access,
            FolderTarget folder,
            ResyncStore resyncs,
            Judge judge,
            ResyncBaseline baseline) {
        this.access = access;
        this.folder = folder;
        this.resyncs = resyncs;
        this.judge = judge;
        this.baseline = baseline;
        var stored = resyncs.state(job().id(), folder.key());
        this.state = stored.map(ResyncStore.FolderState::state);
        this.guard = new CursorGuard(state);
        this.measure = new SyncPageNews.NewsCriteria(
                job().plan().events(), folder, baseline, stored.map(ResyncStore.FolderState::takenAt));
    }

    private MailboxJob job() {
        return access.job();
    }

    Result run() throws InterruptedException {
        while (true) {
            if (!judge.wanted()) {
                return new Result.Stopped(new SubscriptionOutcome.Skipped("the mailbox is no longer to be read"));
            }
            var result = nextPage();
            if (result.isPresent()) {
                return result.get();
            }
        }
    }

    private Optional<Result> nextPage() throws InterruptedException {
        return switch (access.ask(new EwsRequest.SyncFolderItems(folder.ref(), state, pageSize))) {
            case RequestResult.Got<SyncPage>(var page) -> stored(page);
            case RequestResult.Refused<SyncPage>(var error) -> refused(error);
            case RequestResult.Unsent<SyncPage>(var outcome) -> Optional.of(new Result.Stopped(outcome));
        };
    }

    private Optional<Result> stored(SyncPage page) {
        var news = SyncPageNews.of(page, measure);
        var counted = resyncs.store(new RecoveredPage(
                job().id(), baseline.origin(), news.found(), folder.key(), page.state(), page.last()));
        var told = counted.plus(new RecoveredPage.RecoveryCounts(0, 0, 0, news.suppressed()));
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
                EwsErrorTraits.mayBeOfFolder(error)
                        ? new Result.Unreadable(error)
                        : new Result.Stopped(judge.refused(error)));
    }

    private Optional<Result> fromZero(EwsError error) {
        log.info(
                "The sync state of {} in {} cannot be used; reading the folder from zero: {}",
                job().address(),
                folder.ref(),
                error.code());
        // the old state stays until the first page replaces it: it is what says that there is this folder
        resyncs.prepare(job().id(), baseline.knownSince());
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
        if (job().plan().watched() instanceof WatchedFolders.Some) {
            // who watches all is told by the hierarchy when a folder is gone for good
            resyncs.forget(job().id(), folder.key());
        }
        return new Result.Gone();
    }
}

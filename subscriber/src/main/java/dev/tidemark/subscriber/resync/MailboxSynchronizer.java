package dev.tidemark.subscriber.resync;

import dev.tidemark.ews.message.EwsError;
import dev.tidemark.ews.message.FolderRef;
import dev.tidemark.store.ResyncStore;
import dev.tidemark.store.model.RecoveredPage;
import dev.tidemark.subscriber.connection.EwsErrorTraits;
import dev.tidemark.subscriber.connection.SubscriptionOutcome;
import dev.tidemark.values.FolderId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One look at all folders of a mailbox that its group watches, each from its stored sync state on. Used once,
/// by one thread.
final class MailboxSynchronizer {
    private static final int MOST_FAILURES_IN_A_ROW = 3;

    private final MailboxRequestSender access;
    private final FolderResolver finder;
    private final ResyncStore resyncs;
    private final FolderSynchronizer.ResyncContext judge;
    private final ResyncBaseline baseline;
    private final ResyncTracker runs;
    private final List<EwsError> unread = new ArrayList<>();
    private int failuresInARow;
    private RecoveredPage.RecoveryCounts total = RecoveredPage.RecoveryCounts.NONE;
    private Optional<FolderHierarchySynchronizer> tree = Optional.empty();

    MailboxSynchronizer(
            MailboxRequestSender access,
            FolderResolver finder,
            ResyncStore resyncs,
            FolderSynchronizer.ResyncContext judge,
            ResyncBaseline baseline,
            ResyncTracker runs) {
        this.access = access;
        this.finder = finder;
        this.resyncs = resyncs;
        this.judge = judge;
        this.baseline = baseline;
        this.runs = runs;
    }

    PollResult run() throws InterruptedException {
        return switch (targets()) {
            case RequestResult.Got<List<FolderTarget>>(var targets) -> read(targets);
            case RequestResult.Refused<List<FolderTarget>>(var error) -> result(Optional.of(judge.onRefusal(error)));
            case RequestResult.Unsent<List<FolderTarget>>(var outcome) -> result(Optional.of(outcome));
        };
    }

    private PollResult read(List<FolderTarget> targets) throws InterruptedException {
        runs.setFolderCount(access.job().id(), targets.size());
        for (var target : targets) {
            switch (new FolderSynchronizer(access, target, resyncs, judge, baseline).run()) {
                case FolderSynchronizer.Result.Read read -> {
                    failuresInARow = 0;
                    total = total.plus(read.count());
                    runs.recordFolderRead(access.job().id());
                }
                case FolderSynchronizer.Result.Gone ignored ->
                    finder.forget(access.job().id());
                case FolderSynchronizer.Result.Unreadable(var error) -> {
                    if (recordUnreadable(error)) {
                        return failUnreadable();
                    }
                }
                case FolderSynchronizer.Result.Stopped stopped -> {
                    return result(Optional.of(stopped.outcome()));
                }
            }
        }
        if (!unread.isEmpty()) {
            return failUnreadable();
        }
        tree.ifPresent(FolderHierarchySynchronizer::complete);
        forgetOthers(targets);
        return result(Optional.empty());
    }

    /// Remembers a folder that could not be read. Returns true if it is Exchange that failed, for several folders
    /// in a row: then the mailbox is the cause, and the others would fail as well.
    private boolean recordUnreadable(EwsError error) {
        unread.add(error);
        failuresInARow = EwsErrorTraits.isFromExchange(error) ? failuresInARow + 1 : 0;
        return failuresInARow == MOST_FAILURES_IN_A_ROW;
    }

    /// Counts as one failure of the mailbox, whatever the number of folders.
    private PollResult failUnreadable() {
        return result(Optional.of(judge.onRefusal(unread.getFirst())));
    }

    /// States of folders that are not watched any more would grow old for nothing.
    private void forgetOthers(List<FolderTarget> targets) {
        var watched = targets.stream().map(FolderTarget::key).collect(Collectors.toSet());
        tree.ifPresent(ignored -> watched.add(FolderHierarchySynchronizer.KEY));
        for (var key : resyncs.states(access.job().id()).keySet()) {
            if (!watched.contains(key)) {
                resyncs.forget(access.job().id(), key);
            }
        }
    }

    private PollResult result(Optional<SubscriptionOutcome> cut) {
        return new PollResult(total, access.requests(), cut);
    }

    private RequestResult<List<FolderTarget>> targets() throws InterruptedException {
        return finder.folders(access)
                .then(folders -> folders.isEmpty() ? allFolders() : new RequestResult.Got<>(folders))
                .then(this::targets);
    }

    private RequestResult<List<FolderTarget>> targets(List<FolderRef> folders) throws InterruptedException {
        var named = folders.stream().allMatch(FolderRef.Distinguished.class::isInstance);
        RequestResult<Set<String>> quiet = named ? new RequestResult.Got<>(Set.of()) : finder.neverReceiving(access);
        return quiet.then(ids -> new RequestResult.Got<>(
                folders.stream().map(ref -> FolderTarget.of(ref, ids)).toList()));
    }

    private RequestResult<List<FolderRef>> allFolders() throws InterruptedException {
        var reading = new FolderHierarchySynchronizer(
                access, resyncs, baseline, resyncs.states(access.job().id()));
        tree = Optional.of(reading);
        return reading.read().then(ids -> {
            total = total.plus(reading.newsCounts());
            judge.recordPage(reading.changes(), reading.newsCounts());
            var found = new ArrayList<FolderRef>();
            ids.forEach(id -> found.add(new FolderRef.ById(FolderId.of(id))));
            return new RequestResult.Got<>(found);
        });
    }
}

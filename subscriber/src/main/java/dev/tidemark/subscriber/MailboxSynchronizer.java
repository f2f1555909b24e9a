package dev.tidemark.subscriber;

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

/// Syncs all watched folders of a mailbox, each from its stored sync state. Not thread-safe; used once by the
/// job's thread.
final class MailboxSynchronizer {
    private static final int MAX_CONSECUTIVE_FAILURES = 3;

    private final MailboxRequestSender sender;
    private final FolderResolver resolver;
    private final ResyncStore resyncs;
    private final FolderSynchronizer.ResyncContext context;
    private final ResyncBaseline baseline;
    private final ResyncTracker tracker;
    private final List<EwsError> unreadable = new ArrayList<>();
    private int consecutiveFailures;
    private RecoveredPage.RecoveryCounts total = RecoveredPage.RecoveryCounts.NONE;
    private Optional<FolderHierarchySynchronizer> hierarchy = Optional.empty();

    MailboxSynchronizer(
            MailboxRequestSender sender,
            FolderResolver resolver,
            ResyncStore resyncs,
            FolderSynchronizer.ResyncContext context,
            ResyncBaseline baseline,
            ResyncTracker tracker) {
        this.sender = sender;
        this.resolver = resolver;
        this.resyncs = resyncs;
        this.context = context;
        this.baseline = baseline;
        this.tracker = tracker;
    }

    PollResult run() throws InterruptedException {
        return switch (targets()) {
            case RequestResult.Got<List<FolderTarget>>(var targets) -> read(targets);
            case RequestResult.Refused<List<FolderTarget>>(var error) -> result(Optional.of(context.onRefusal(error)));
            case RequestResult.Unsent<List<FolderTarget>>(var outcome) -> result(Optional.of(outcome));
        };
    }

    private PollResult read(List<FolderTarget> targets) throws InterruptedException {
        tracker.setFolderCount(sender.job().id(), targets.size());
        for (var target : targets) {
            switch (new FolderSynchronizer(sender, target, resyncs, context, baseline).run()) {
                case FolderSynchronizer.Result.Read read -> {
                    consecutiveFailures = 0;
                    total = total.plus(read.count());
                    tracker.recordFolderRead(sender.job().id());
                }
                case FolderSynchronizer.Result.Gone ignored ->
                    resolver.forget(sender.job().id());
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
        if (!unreadable.isEmpty()) {
            return failUnreadable();
        }
        hierarchy.ifPresent(FolderHierarchySynchronizer::complete);
        forgetOthers(targets);
        return result(Optional.empty());
    }

    /// Records a folder that could not be read. Returns true if Exchange itself failed for several folders in a
    /// row: then the mailbox is the cause, and the others would fail as well.
    private boolean recordUnreadable(EwsError error) {
        unreadable.add(error);
        consecutiveFailures = EwsErrorTraits.isFromExchange(error) ? consecutiveFailures + 1 : 0;
        return consecutiveFailures == MAX_CONSECUTIVE_FAILURES;
    }

    /// Ends the sync with one failure of the mailbox, regardless of the number of folders.
    private PollResult failUnreadable() {
        return result(Optional.of(context.onRefusal(unreadable.getFirst())));
    }

    /// Removes states of folders that are no longer watched.
    private void forgetOthers(List<FolderTarget> targets) {
        var watched = targets.stream().map(FolderTarget::key).collect(Collectors.toSet());
        hierarchy.ifPresent(ignored -> watched.add(FolderHierarchySynchronizer.KEY));
        for (var key : resyncs.states(sender.job().id()).keySet()) {
            if (!watched.contains(key)) {
                resyncs.forget(sender.job().id(), key);
            }
        }
    }

    private PollResult result(Optional<SubscriptionOutcome> interruption) {
        return new PollResult(total, sender.requests(), interruption);
    }

    private RequestResult<List<FolderTarget>> targets() throws InterruptedException {
        return resolver.folders(sender)
                .then(folders -> folders.isEmpty() ? allFolders() : new RequestResult.Got<>(folders))
                .then(this::targets);
    }

    private RequestResult<List<FolderTarget>> targets(List<FolderRef> folders) throws InterruptedException {
        var named = folders.stream().allMatch(FolderRef.Distinguished.class::isInstance);
        RequestResult<Set<String>> neverReceiving =
                named ? new RequestResult.Got<>(Set.of()) : resolver.neverReceiving(sender);
        return neverReceiving.then(ids -> new RequestResult.Got<>(
                folders.stream().map(ref -> FolderTarget.of(ref, ids)).toList()));
    }

    private RequestResult<List<FolderRef>> allFolders() throws InterruptedException {
        var synchronizer = new FolderHierarchySynchronizer(
                sender, resyncs, baseline, resyncs.states(sender.job().id()));
        hierarchy = Optional.of(synchronizer);
        return synchronizer.read().then(ids -> {
            total = total.plus(synchronizer.newsCounts());
            context.recordPage(synchronizer.changes(), synchronizer.newsCounts());
            var found = new ArrayList<FolderRef>();
            ids.forEach(id -> found.add(new FolderRef.ById(FolderId.of(id))));
            return new RequestResult.Got<>(found);
        });
    }
}

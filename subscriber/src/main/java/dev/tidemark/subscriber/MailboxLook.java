package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsError;
import dev.tidemark.ews.FolderRef;
import dev.tidemark.values.FolderId;
import dev.tidemark.watermark.Recovery;
import dev.tidemark.watermark.Resyncs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One look at all folders of a mailbox that its group watches, each from its stored sync state on. Used once,
/// by one thread.
final class MailboxLook {
    private static final int MOST_FAILURES_IN_A_ROW = 3;

    private final Access access;
    private final FolderFinder finder;
    private final Resyncs resyncs;
    private final FolderSync.Judge judge;
    private final Baseline baseline;
    private final ResyncRuns runs;
    private final List<EwsError> unread = new ArrayList<>();
    private int failuresInARow;
    private Recovery.Count total = Recovery.Count.NONE;
    private Optional<FolderTreeSync> tree = Optional.empty();

    MailboxLook(
            Access access,
            FolderFinder finder,
            Resyncs resyncs,
            FolderSync.Judge judge,
            Baseline baseline,
            ResyncRuns runs) {
        this.access = access;
        this.finder = finder;
        this.resyncs = resyncs;
        this.judge = judge;
        this.baseline = baseline;
        this.runs = runs;
    }

    Polled run() throws InterruptedException {
        return switch (targets()) {
            case Reply.Got<List<Target>>(var targets) -> read(targets);
            case Reply.Refused<List<Target>>(var error) -> ended(Optional.of(judge.refused(error)));
            case Reply.Unsent<List<Target>>(var outcome) -> ended(Optional.of(outcome));
        };
    }

    private Polled read(List<Target> targets) throws InterruptedException {
        runs.expect(access.job().id(), targets.size());
        for (var target : targets) {
            switch (new FolderSync(access, target, resyncs, judge, baseline).run()) {
                case FolderSync.Result.Read read -> {
                    failuresInARow = 0;
                    total = total.plus(read.count());
                    runs.folderRead(access.job().id());
                }
                case FolderSync.Result.Gone ignored ->
                    finder.forget(access.job().id());
                case FolderSync.Result.Unreadable(var error) -> {
                    if (isOfMailbox(error)) {
                        return unread();
                    }
                }
                case FolderSync.Result.Stopped stopped -> {
                    return ended(Optional.of(stopped.outcome()));
                }
            }
        }
        if (!unread.isEmpty()) {
            return unread();
        }
        tree.ifPresent(FolderTreeSync::done);
        forgetOthers(targets);
        return ended(Optional.empty());
    }

    /// Remembers a folder that could not be read. Returns true if it is Exchange that failed, for several folders in a
    /// row: then the mailbox is the cause, and the others would fail as well.
    private boolean isOfMailbox(EwsError error) {
        unread.add(error);
        failuresInARow = Signs.isFromExchange(error) ? failuresInARow + 1 : 0;
        return failuresInARow == MOST_FAILURES_IN_A_ROW;
    }

    /// Counts as one failure of the mailbox, whatever the number of folders.
    private Polled unread() {
        return ended(Optional.of(judge.refused(unread.getFirst())));
    }

    /// States of folders that are not watched any more would grow old for nothing.
    private void forgetOthers(List<Target> targets) {
        var watched = targets.stream().map(Target::key).collect(Collectors.toSet());
        tree.ifPresent(ignored -> watched.add(FolderTreeSync.KEY));
        for (var key : resyncs.states(access.job().id()).keySet()) {
            if (!watched.contains(key)) {
                resyncs.forget(access.job().id(), key);
            }
        }
    }

    private Polled ended(Optional<Outcome> cut) {
        return new Polled(total, access.requests(), cut);
    }

    private Reply<List<Target>> targets() throws InterruptedException {
        return finder.folders(access)
                .then(folders -> folders.isEmpty() ? all() : new Reply.Got<>(folders))
                .then(this::targets);
    }

    private Reply<List<Target>> targets(List<FolderRef> folders) throws InterruptedException {
        var named = folders.stream().allMatch(FolderRef.Distinguished.class::isInstance);
        Reply<Set<String>> quiet = named ? new Reply.Got<>(Set.of()) : finder.neverReceiving(access);
        return quiet.then(ids ->
                new Reply.Got<>(folders.stream().map(ref -> Target.of(ref, ids)).toList()));
    }

    private Reply<List<FolderRef>> all() throws InterruptedException {
        var reading = new FolderTreeSync(
                access, resyncs, baseline, resyncs.states(access.job().id()));
        tree = Optional.of(reading);
        return reading.read().then(ids -> {
            total = total.plus(reading.told());
            judge.read(reading.changes(), reading.told());
            var found = new ArrayList<FolderRef>();
            ids.forEach(id -> found.add(new FolderRef.ById(FolderId.of(id))));
            return new Reply.Got<>(found);
        });
    }
}

package dev.tidemark.subscriber;

import dev.tidemark.store.model.RecoveredPage;
import java.time.Instant;

/// Progress of the resync of one mailbox.
///
/// @param folders number of folders; 0 until it is known
/// @param foldersRead folders read to their end
/// @param pages pages read in this process
/// @param changes changes on these pages, news or not
/// @param found news since the resync began, including interrupted runs
public record ResyncProgress(
        Instant startedAt, int folders, int foldersRead, long pages, long changes, RecoveredPage.RecoveryCounts found) {
    static ResyncProgress started(Instant now, RecoveredPage.RecoveryCounts found) {
        return new ResyncProgress(now, 0, 0, 0, 0, found);
    }

    /// Returns the progress of the resumed run. It checks folders again that were read, which costs a page each.
    ResyncProgress resumed() {
        return new ResyncProgress(startedAt, folders, 0, pages, changes, found);
    }

    ResyncProgress withFolders(int folderCount) {
        return new ResyncProgress(startedAt, folderCount, foldersRead, pages, changes, found);
    }

    ResyncProgress withPage(int changesOfPage, RecoveredPage.RecoveryCounts news) {
        return new ResyncProgress(
                startedAt, folders, foldersRead, pages + 1, changes + changesOfPage, found.plus(news));
    }

    ResyncProgress withFolderRead() {
        return new ResyncProgress(startedAt, folders, foldersRead + 1, pages, changes, found);
    }

    /// Resyncs in progress or interrupted now, and pages and changes read by all of them.
    public record ResyncCounters(int inProgress, long pages, long changes) {}
}

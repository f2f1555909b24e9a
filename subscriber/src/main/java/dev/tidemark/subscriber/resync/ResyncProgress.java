package dev.tidemark.subscriber.resync;

import dev.tidemark.store.model.RecoveredPage;
import java.time.Instant;

/// How far the resync of one mailbox has got.
///
/// @param folders how many there are; none until that is known
/// @param foldersRead of these, those that were read to their end
/// @param pages read so far, in this process
/// @param changes on these pages, news or not
/// @param found what of it was news, since the resync began, whatever interrupted it
public record ResyncProgress(
        Instant startedAt, int folders, int foldersRead, long pages, long changes, RecoveredPage.RecoveryCounts found) {
    static ResyncProgress started(Instant now, RecoveredPage.RecoveryCounts found) {
        return new ResyncProgress(now, 0, 0, 0, 0, found);
    }

    /// The same run, taken up again: folders that were read are looked at again, which costs a page each.
    ResyncProgress resumed() {
        return new ResyncProgress(startedAt, folders, 0, pages, changes, found);
    }

    ResyncProgress withFolders(int all) {
        return new ResyncProgress(startedAt, all, foldersRead, pages, changes, found);
    }

    ResyncProgress withPage(int more, RecoveredPage.RecoveryCounts news) {
        return new ResyncProgress(startedAt, folders, foldersRead, pages + 1, changes + more, found.plus(news));
    }

    ResyncProgress withFolderRead() {
        return new ResyncProgress(startedAt, folders, foldersRead + 1, pages, changes, found);
    }
}

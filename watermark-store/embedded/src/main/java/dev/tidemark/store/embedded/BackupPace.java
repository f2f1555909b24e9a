package dev.tidemark.store.embedded;

import dev.tidemark.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;

/// Pace of a backup beside a daemon that works: pauses between the records, and an end before the disk is full. Used
/// by the thread of the backup.
final class BackupPace implements CopyPace {
    /// long pauses, because an acknowledgement waits if the disk works for the backup
    private static final int PAUSE_FACTOR = 7;

    private final long minFree;
    private final DutyCycle cycle = new DutyCycle(PAUSE_FACTOR);

    /// @param minFree bytes that the disk of the backup keeps free
    BackupPace(long minFree) {
        this.minFree = minFree;
    }

    @Override
    public void awaitTurn(Path directory) throws IOException {
        if (minFree > 0 && FreeSpaceMonitor.readFreeBytes(directory) < minFree) {
            throw new StoreException("The backup stopped because its disk has less than store.min-free (" + minFree
                    + " bytes) left at " + directory + "; make room, or name a directory on another disk.");
        }
        cycle.pause();
    }
}

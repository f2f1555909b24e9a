package dev.tidemark.log;

import java.io.IOException;

/// Empty file that names the newest LSN at a stop, so that the start notices missing segments. It stays valid
/// until the next stop replaces it, because the log only grows. Used by [SegmentedLog], the start and
/// [LogInspection].
final class StopMarker {
    private StopMarker() {}

    /// Replaces the marker after the record `lsn` was forced.
    static void write(LogDisk disk, long lsn) throws IOException {
        var old = LogFileLayout.names(disk, LogFileLayout.STOPPED);
        var name = LogFileLayout.name(LogFileLayout.STOPPED, lsn);
        disk.create(name).close();
        disk.forceDirectory();
        for (var other : old) {
            if (!other.equals(name)) {
                disk.delete(other);
            }
        }
    }

    /// Returns the LSN that the log had reached at its last stop; 0 if it never stopped.
    static long lsn(LogDisk disk) throws IOException {
        var names = LogFileLayout.names(disk, LogFileLayout.STOPPED);
        return names.isEmpty() ? 0 : LogFileLayout.lsn(names.getLast(), LogFileLayout.STOPPED);
    }

    /// Refuses a log that ends before the marker.
    ///
    /// @throws LogDamagedException if segments, or the end of the newest one, are missing
    static void check(LogDisk disk, LogSegment newest) throws IOException {
        var lsn = lsn(disk);
        if (newest.lastLsn() < lsn) {
            throw new LogDamagedException(
                    disk.path(newest.name()),
                    newest.end(),
                    "%s, or the end of this file, is missing, because the last stop was after record %d"
                            .formatted(LogFileLayout.name(LogFileLayout.SEGMENT, newest.lastLsn() + 1), lsn));
        }
    }

    /// Refuses a marker without segments.
    static void refuseAny(LogDisk disk) throws IOException {
        var lsn = lsn(disk);
        if (lsn > 0) {
            var name = disk.path(LogFileLayout.name(LogFileLayout.STOPPED, lsn));
            throw new LogDamagedException(name, 0, "all segments of its log are missing");
        }
    }
}

package dev.tidemark.log;

import java.io.IOException;

/// Empty file that names the newest LSN at a stop, so that the start notices missing segments. It stays valid until the
/// next stop replaces it, because the log only grows. Used by [SegmentedLog], the start and [LogInspection].
final class StopMarker {
    private StopMarker() {}

    /// Replaces the marker after the record `lsn` was forced.
    static void write(LogDisk disk, long lsn) throws IOException {
        var old = Layout.names(disk, Layout.STOPPED);
        var name = Layout.name(Layout.STOPPED, lsn);
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
        var names = Layout.names(disk, Layout.STOPPED);
        return names.isEmpty() ? 0 : Layout.lsn(names.getLast(), Layout.STOPPED);
    }

    /// Refuses a log that ends before the marker.
    ///
    /// @throws LogDamagedException if segments, or the end of the newest one, are missing
    static void check(LogDisk disk, Segment newest) throws IOException {
        var lsn = lsn(disk);
        if (newest.lastLsn() < lsn) {
            throw new LogDamagedException(
                    disk.path(newest.name()),
                    newest.end(),
                    "%s, or the end of this file, is missing, because the last stop was after record %d"
                            .formatted(Layout.name(Layout.SEGMENT, newest.lastLsn() + 1), lsn));
        }
    }

    /// Refuses a marker without segments.
    static void refuseAny(LogDisk disk) throws IOException {
        var lsn = lsn(disk);
        if (lsn > 0) {
            var name = disk.path(Layout.name(Layout.STOPPED, lsn));
            throw new LogDamagedException(name, 0, "all segments of its log are missing");
        }
    }
}

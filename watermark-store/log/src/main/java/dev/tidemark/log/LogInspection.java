package dev.tidemark.log;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Report on the segments and snapshots of a log. Reads without a lock and changes nothing, so it works beside a
/// running process and on a damaged directory.
///
/// @param segments oldest first
/// @param snapshots oldest first
public record LogInspection(List<SegmentReport> segments, List<SnapshotReport> snapshots) {
    /// Segment file.
    ///
    /// @param from offset at which its records begin
    /// @param to offset at which its records end; equal to `from` if damage hides it
    /// @param firstPosition journal position before its first record
    /// @param lastPosition journal position after its last record
    /// @param damagedAt offset of the first damage; empty if none was found
    public record SegmentReport(
            String file, long from, long to, long firstPosition, long lastPosition, OptionalLong damagedAt) {
        static SegmentReport of(String file, LogSegment segment, OptionalLong damagedAt) {
            return new SegmentReport(
                    file,
                    LogFileLayout.SECTOR,
                    segment.end(),
                    segment.header().position(),
                    segment.lastPosition(),
                    damagedAt);
        }
    }

    /// Snapshot file.
    ///
    /// @param lsn LSN of the last record that it includes
    /// @param current true for the newest intact snapshot
    /// @param damagedAt offset of the first damage; empty if none was found
    public record SnapshotReport(String file, long lsn, long position, boolean current, OptionalLong damagedAt) {}

    /// Inspects a directory.
    ///
    /// @throws LogFailedException if the disk fails
    public static LogInspection of(Path directory) {
        return of(new FileLogDisk(directory));
    }

    static LogInspection of(LogDisk disk) {
        try {
            return new LogInspection(segments(disk), snapshots(disk));
        } catch (IOException e) {
            throw LogFailedException.reading(e);
        }
    }

    private static List<SegmentReport> segments(LogDisk disk) throws IOException {
        var reports = new ArrayList<SegmentReport>();
        var next = Optional.<FileHeader>empty();
        for (var name : LogFileLayout.names(disk, LogFileLayout.SEGMENT).reversed()) {
            var header = header(disk, name);
            reports.addFirst(header.isEmpty() ? headless(name) : segment(disk, name, header.get(), next));
            next = header;
        }
        return reports;
    }

    private static SegmentReport headless(String name) {
        return new SegmentReport(name, LogFileLayout.SECTOR, LogFileLayout.SECTOR, 0, 0, OptionalLong.of(0));
    }

    private static Optional<FileHeader> header(LogDisk disk, String name) throws IOException {
        try (var file = RecordFile.open(disk, name, RecordFile.SINGLE_BYTES)) {
            return Optional.of(file.header());
        } catch (LogDamagedException _) {
            return Optional.empty();
        }
    }

    private static SegmentReport segment(LogDisk disk, String name, FileHeader header, Optional<FileHeader> next)
            throws IOException {
        var follows = next.filter(following -> following.previousLsn() == header.lsn());
        var segment = follows.map(following -> LogSegment.before(header, following))
                .orElse(new LogSegment(header, header.lsn() - 1, header.position(), LogFileLayout.SECTOR));
        try {
            if (follows.isPresent()) {
                SegmentCheck.of(disk, segment);
                return SegmentReport.of(name, segment, OptionalLong.empty());
            }
            segment = newest(disk, header);
            // otherwise the segment after it is missing
            var isLast = next.isEmpty() && segment.lastLsn() >= StopMarker.lsn(disk);
            return SegmentReport.of(name, segment, isLast ? OptionalLong.empty() : OptionalLong.of(segment.end()));
        } catch (LogDamagedException e) {
            return SegmentReport.of(name, segment, OptionalLong.of(e.offset()));
        }
    }

    private static LogSegment newest(LogDisk disk, FileHeader header) throws IOException {
        try {
            return NewestScan.of(disk, header).segment();
        } catch (LogDamagedException _) {
            // a running process may have written two records between two reads of the scan
            return NewestScan.of(disk, header).segment();
        }
    }

    private static List<SnapshotReport> snapshots(LogDisk disk) throws IOException {
        var reports = new ArrayList<SnapshotReport>();
        var isNewest = true;
        for (var name : LogFileLayout.names(disk, LogFileLayout.SNAPSHOT).reversed()) {
            var lsn = LogFileLayout.lsn(name, LogFileLayout.SNAPSHOT);
            try (var reader = SnapshotReader.open(disk, lsn)) {
                var damagedAt = damage(reader);
                var isCurrent = isNewest && damagedAt.isEmpty();
                reports.addFirst(new SnapshotReport(name, lsn, reader.position(), isCurrent, damagedAt));
                isNewest &= !isCurrent;
            } catch (LogDamagedException e) {
                reports.addFirst(new SnapshotReport(name, lsn, 0, false, OptionalLong.of(e.offset())));
            }
        }
        return reports;
    }

    private static OptionalLong damage(SnapshotReader reader) throws IOException {
        try {
            reader.readAll();
            return OptionalLong.empty();
        } catch (LogDamagedException e) {
            return OptionalLong.of(e.offset());
        }
    }
}

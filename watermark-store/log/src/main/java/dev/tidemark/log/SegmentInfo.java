package dev.tidemark.log;

/// Segment of the log.
///
/// @param firstLsn LSN of its first record, which identifies the segment
/// @param positionBefore journal position before its first record
/// @param lastPosition journal position after its last record
/// @param bytes size in bytes up to the end of its last record
/// @param createdAt creation time in epoch milliseconds
/// @param isCompacted true if compaction may have dropped records
/// @param isClosed true for all segments but the newest
public record SegmentInfo(
        long firstLsn,
        long lastLsn,
        long positionBefore,
        long lastPosition,
        long bytes,
        long createdAt,
        boolean isCompacted,
        boolean isClosed) {
    static SegmentInfo of(LogSegment segment, boolean isClosed) {
        var header = segment.header();
        return new SegmentInfo(
                header.lsn(),
                segment.lastLsn(),
                header.position(),
                segment.lastPosition(),
                segment.end(),
                header.createdAt(),
                header.isCompacted(),
                isClosed);
    }
}

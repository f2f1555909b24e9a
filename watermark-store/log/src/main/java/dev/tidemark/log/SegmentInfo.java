package dev.tidemark.log;

/// Segment of the log.
///
/// @param firstLsn identifies the segment
/// @param positionBefore journal position before its first record
/// @param lastPosition journal position after its last record
/// @param bytes up to the end of its last record
/// @param createdAt epoch milliseconds; a lower bound of the times in later segments, an upper bound in earlier ones
/// @param isCompacted true if records may be missing
/// @param isClosed true if it can be removed and compacted
public record SegmentInfo(
        long firstLsn,
        long lastLsn,
        long positionBefore,
        long lastPosition,
        long bytes,
        long createdAt,
        boolean isCompacted,
        boolean isClosed) {
    static SegmentInfo of(Segment segment, boolean isClosed) {
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

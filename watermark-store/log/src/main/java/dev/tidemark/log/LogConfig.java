package dev.tidemark.log;

import java.time.Duration;

/// Settings of a log.
///
/// @param segmentBytes size at which the next segment begins; a larger record has a segment of its own
/// @param growBytes step in which a new segment file is filled with zeros ahead of the records
/// @param segmentAge age at which the next segment begins, so that retention can remove the previous one
/// @param checkBytes size of closed segments that a start checks although no replay reads them
/// @param spares limit of removed segment files that are kept for reuse
public record LogConfig(int segmentBytes, int growBytes, Duration segmentAge, long checkBytes, int spares) {
    public static final LogConfig DEFAULT = new LogConfig(32 << 20, 1 << 20, Duration.ofDays(1), 256L << 20, 2);

    public LogConfig {
        if (segmentBytes < growBytes || growBytes < Layout.SECTOR || growBytes % Layout.SECTOR != 0) {
            throw new IllegalArgumentException(
                    "A segment of %d bytes cannot grow by %d".formatted(segmentBytes, growBytes));
        }
    }
}

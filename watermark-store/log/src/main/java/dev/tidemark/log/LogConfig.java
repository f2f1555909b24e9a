package dev.tidemark.log;

import java.time.Duration;

/// Settings of a log.
///
/// @param segmentBytes size limit of a segment; a larger record gets a separate segment
/// @param growBytes step in which a segment file is filled with zeros ahead of the records
/// @param segmentAge age limit of a segment, after which the next one begins, so that retention can remove it
/// @param checkBytes size of the newest closed segments that a start checks even if it does not replay them
/// @param spares limit of removed segment files that are kept for reuse
public record LogConfig(int segmentBytes, int growBytes, Duration segmentAge, long checkBytes, int spares) {
    public static final LogConfig DEFAULT = new LogConfig(32 << 20, 1 << 20, Duration.ofDays(1), 256L << 20, 2);

    public LogConfig {
        if (segmentBytes < growBytes || growBytes < LogFileLayout.SECTOR || growBytes % LogFileLayout.SECTOR != 0) {
            throw new IllegalArgumentException(
                    "A segment of %d bytes cannot grow by %d".formatted(segmentBytes, growBytes));
        }
    }
}

package dev.tidemark.log;

import java.util.Optional;

/// Decides what compaction keeps.
@FunctionalInterface
public interface RecordFilter {
    /// Returns the payload to keep, possibly a smaller one; nothing drops the record.
    Optional<byte[]> payload(LogRecord record);
}

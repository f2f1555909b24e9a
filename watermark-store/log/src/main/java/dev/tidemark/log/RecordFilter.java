package dev.tidemark.log;

import java.util.Optional;

/// Selects the records and payloads that compaction keeps. Implemented by the owner of the log.
@FunctionalInterface
public interface RecordFilter {
    /// Returns the payload to keep, which may be smaller, or empty to drop the record.
    Optional<byte[]> payload(LogRecord record);
}

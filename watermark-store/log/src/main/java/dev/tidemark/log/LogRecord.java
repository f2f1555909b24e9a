package dev.tidemark.log;

/// Record of the log.
///
/// @param lsn log sequence number; gapless except where segments were compacted
/// @param position journal position after this record
/// @param events number of journal positions that the record holds, up to and including `position`
/// @param recordedAt epoch milliseconds
/// @param payload bytes of the owner; empty in records that the log adds
@SuppressWarnings("ArrayRecordComponent") // not copied, because it can be large; neither side changes it
public record LogRecord(long lsn, long position, int events, long recordedAt, byte[] payload) {
    /// Returns whether the record holds the journal position.
    public boolean holds(long wanted) {
        return wanted <= position && wanted > position - events;
    }
}

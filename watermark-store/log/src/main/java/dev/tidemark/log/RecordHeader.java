package dev.tidemark.log;

import java.nio.ByteBuffer;
import java.util.Optional;

/// Header in front of a record's payload.
///
/// @param length size of the payload in bytes
/// @param payloadSum checksum of the payload
/// @param previousSum checksum of the previous record's header; links records across files
/// @param sum checksum of this header
record RecordHeader(
        long lsn, int length, long position, int events, long recordedAt, int payloadSum, int previousSum, int sum) {
    static final int SIZE = 6 * Integer.BYTES + 3 * Long.BYTES;
    private static final int MAGIC = 0x7265_636f;

    /// Returns the size of the record in bytes, in whole sectors.
    long size() {
        return size(length);
    }

    static long size(int length) {
        return LogFileLayout.sectors(SIZE + (long) length);
    }

    LogRecord with(byte[] payload) {
        return new LogRecord(lsn, position, events, recordedAt, payload);
    }

    /// Returns whole sectors, ready to be written at `offset`.
    static ByteBuffer encode(LogRecord record, int previousSum, long salt, long offset) {
        var payload = record.payload();
        var out = ByteBuffer.allocate(Math.toIntExact(size(payload.length)));
        out.putInt(MAGIC).putLong(record.lsn()).putInt(payload.length).putLong(record.position());
        out.putInt(record.events()).putLong(record.recordedAt());
        out.putInt(LogFileLayout.checksum(salt, offset, ByteBuffer.wrap(payload)))
                .putInt(previousSum);
        out.putInt(LogFileLayout.checksum(salt, offset, out.slice(0, out.position())))
                .put(payload);
        return out.clear();
    }

    /// Returns the checksum of an encoded record's header.
    static int sum(ByteBuffer encoded) {
        return encoded.getInt(SIZE - Integer.BYTES);
    }

    static Optional<RecordHeader> decode(ByteBuffer in, long salt, long offset) {
        if (in.remaining() < SIZE
                || in.getInt(0) != MAGIC
                || sum(in) != LogFileLayout.checksum(salt, offset, in.slice(0, SIZE - Integer.BYTES))) {
            return Optional.empty();
        }
        in.position(Integer.BYTES);
        var lsn = in.getLong();
        var length = in.getInt();
        return Optional.of(new RecordHeader(
                        lsn, length, in.getLong(), in.getInt(), in.getLong(), in.getInt(), in.getInt(), in.getInt()))
                .filter(header -> header.length() >= 0);
    }
}

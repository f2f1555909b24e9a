package dev.tidemark.log;

import java.nio.ByteBuffer;
import java.util.Optional;

/// First sector of a segment or snapshot.
///
/// @param storeId random number of the store, fixed when its first segment is created
/// @param lsn LSN of the first record of a segment, or of the last record that a snapshot includes
/// @param position journal position before the first record of a segment, or at the snapshot
/// @param salt random number that seeds the checksums of all records in the file
/// @param previousLsn first LSN of the previous segment
/// @param previousEnd offset at which the records of the previous segment end, unless it is compacted
/// @param end offset at which the records of a compacted segment end; 0 in other files
/// @param createdAt creation time in epoch milliseconds
record FileHeader(
        Kind kind,
        long storeId,
        long lsn,
        long position,
        long salt,
        long previousLsn,
        long previousEnd,
        long end,
        long createdAt) {
    enum Kind {
        SEGMENT(1),
        COMPACTED(2),
        SNAPSHOT(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        static Optional<Kind> of(int code) {
            for (var kind : values()) {
                if (kind.code == code) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    private static final int MAGIC = 0x5469_6465;
    private static final int VERSION = 1;
    private static final int SIZE = 3 * Integer.BYTES + 8 * Long.BYTES;

    boolean isCompacted() {
        return kind == Kind.COMPACTED;
    }

    FileHeader compacted(long newSalt, long newEnd) {
        return new FileHeader(
                Kind.COMPACTED, storeId, lsn, position, newSalt, previousLsn, previousEnd, newEnd, createdAt);
    }

    /// Returns a whole sector.
    ByteBuffer encode() {
        var out = ByteBuffer.allocate(LogFileLayout.SECTOR);
        out.putInt(MAGIC).putInt(VERSION).putInt(kind.code).putLong(storeId).putLong(lsn);
        out.putLong(position)
                .putLong(salt)
                .putLong(previousLsn)
                .putLong(previousEnd)
                .putLong(end);
        out.putLong(createdAt).putInt(LogFileLayout.checksum(0, 0, out.slice(0, SIZE)));
        return out.clear();
    }

    static Optional<FileHeader> decode(ByteBuffer in) {
        if (in.remaining() < LogFileLayout.SECTOR
                || in.getInt(0) != MAGIC
                || in.getInt(SIZE) != LogFileLayout.checksum(0, 0, in.slice(0, SIZE))
                || in.getInt(Integer.BYTES) != VERSION) {
            return Optional.empty();
        }
        in.position(2 * Integer.BYTES);
        return Kind.of(in.getInt())
                .map(kind -> new FileHeader(
                        kind,
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong(),
                        in.getLong()));
    }
}

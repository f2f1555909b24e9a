package dev.tidemark.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/// Names, sizes and checksums of the files of a log.
final class LogFileLayout {
    /// Unit that a disk writes completely or not at all. Records begin at multiples of it.
    static final int SECTOR = 512;

    static final String SEGMENT = "segment-";
    static final String SNAPSHOT = "snapshot-";
    static final String SPARE = "spare-";
    static final String STOPPED = "stopped-";
    static final String TEMPORARY = ".tmp";

    private static final int DIGITS = 20;

    private LogFileLayout() {}

    /// Returns the name with ASCII digits in every locale, so that a store can move between machines.
    static String name(String kind, long lsn) {
        var digits = Long.toString(lsn);
        return kind + "0".repeat(DIGITS - digits.length()) + digits;
    }

    static long sectors(long bytes) {
        return Math.ceilDiv(bytes, (long) SECTOR) * SECTOR;
    }

    static long lsn(String name, String kind) {
        return Long.parseLong(name.substring(kind.length()));
    }

    /// Returns the names of all files of a kind, ordered by LSN.
    static List<String> names(LogDisk disk, String kind) throws IOException {
        return disk.list().stream()
                .filter(name -> name.startsWith(kind) && name.length() == kind.length() + DIGITS)
                .sorted()
                .toList();
    }

    /// Returns a checksum seeded with the salt of the file and the offset, so that copied or old bytes do not
    /// match.
    static int checksum(long salt, long offset, ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(salt)
                .putLong(offset)
                .flip());
        crc.update(bytes);
        return (int) crc.getValue();
    }
}

package dev.tidemark.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Counts the bytes written to the block device of a folder, by all processes. Linux also counts them per
/// process, but as whole dirtied pages, which may be a megabyte.
///
/// @param device `major minor`; empty on systems without these counters
record DiskCounter(String device) {
    private static final Path STATISTICS = Path.of("/proc/diskstats");
    private static final int SECTOR = 512;
    private static final int SECTORS_WRITTEN = 9;

    static DiskCounter of(Path folder) throws IOException {
        if (!Files.isReadable(STATISTICS)) {
            return new DiskCounter("");
        }
        var number = (Long) Files.getAttribute(folder, "unix:dev");
        var major = (number >> 8) & 0xfff;
        var minor = (number & 0xff) | ((number >> 12) & 0xfff00);
        return new DiskCounter(major + " " + minor);
    }

    /// Returns the bytes so far; 0 on systems without counters.
    long bytesWritten() throws IOException {
        if (device.isEmpty()) {
            return 0;
        }
        return Files.readAllLines(STATISTICS).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields.length > SECTORS_WRITTEN)
                .filter(fields -> device.equals(String.join(" ", Arrays.copyOf(fields, 2))))
                .mapToLong(fields -> Long.parseLong(fields[SECTORS_WRITTEN]) * SECTOR)
                .sum();
    }
}

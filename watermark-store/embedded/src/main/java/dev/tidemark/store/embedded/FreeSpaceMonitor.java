package dev.tidemark.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Monitors free space on the store's disk. Asks the system at most once per second. Thread-safe.
final class FreeSpaceMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(FreeSpaceMonitor.class);
    private static final Duration FRESH = Duration.ofSeconds(1);

    private record Reading(Instant at, boolean enough) {}

    private final Path folder;
    private final long minFree;
    private final Clock clock;
    /// limits the log to one line per failure
    private volatile boolean isUnreadable;

    private volatile Reading last = new Reading(Instant.MIN, true);

    FreeSpaceMonitor(Path folder, long minFree, Clock clock) {
        this.folder = folder;
        this.minFree = minFree;
        this.clock = clock;
    }

    boolean enough() {
        if (minFree <= 0) {
            return true;
        }
        var reading = last;
        return isFresh(reading) ? reading.enough() : renewed();
    }

    /// Reads one at a time: an older reading must not replace a newer one.
    private synchronized boolean renewed() {
        var reading = last;
        if (isFresh(reading)) {
            return reading.enough();
        }
        var now = clock.instant();
        var enough = measure();
        if (enough != reading.enough()) {
            log(enough);
        }
        last = new Reading(now, enough);
        return enough;
    }

    private boolean isFresh(Reading reading) {
        var now = clock.instant();
        return reading.at().isAfter(now.minus(FRESH)) && !reading.at().isAfter(now);
    }

    private void log(boolean enough) {
        if (enough) {
            LOG.info("The store's disk has more free space than store.min-free again");
        } else {
            LOG.warn("{}", sentence());
        }
    }

    String sentence() {
        return "The store's disk has less than store.min-free (" + minFree + " bytes) left at " + folder
                + "; make room, or lower store.min-free.";
    }

    OptionalLong free() {
        try {
            return OptionalLong.of(readFreeBytes(folder));
        } catch (IOException e) {
            LOG.debug("Failed to read the free space of {}", folder, e);
            return OptionalLong.empty();
        }
    }

    private boolean measure() {
        try {
            var enough = readFreeBytes(folder) >= minFree;
            isUnreadable = false;
            return enough;
        } catch (IOException e) {
            if (!isUnreadable) {
                LOG.warn("{}", unreadable(e));
            }
            LOG.debug("Failed to read the free space of {}", folder, e);
            isUnreadable = true;
            return true;
        }
    }

    /// Returns the free space in bytes. Does not use [java.nio.file.FileStore]: it first reads the list of all
    /// mounts. If that fails, as with too many open files, it reports a missing mount point.
    ///
    /// @throws IOException if the folder is not accessible
    static long readFreeBytes(Path folder) throws IOException {
        var bytes = folder.toFile().getUsableSpace();
        if (bytes == 0) {
            // zero also means a failed query; this call throws the cause
            Files.readAttributes(folder, BasicFileAttributes.class);
        }
        return bytes;
    }

    String unreadable(IOException e) {
        return "Failed to read the free space at " + folder + ": " + StoreErrorTranslator.reason(e)
                + "; it counts as sufficient until the next successful check";
    }
}

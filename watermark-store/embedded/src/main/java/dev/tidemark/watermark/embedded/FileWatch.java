package dev.tidemark.watermark.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks that the store's lock file is where it was. The system goes on writing to a folder that was removed, and all
/// of it would be gone with the process; without the lock file, a second process could open the store. Asks the system
/// ten times a second at most.
final class FileWatch {
    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
    private static final Duration FRESH = Duration.ofMillis(100);

    private record Glance(Instant at, boolean there) {}

    private final Optional<Path> file;
    private final Clock clock;
    private final @Nullable Object key;
    private volatile Glance last = new Glance(Instant.MIN, true);

    /// @param file that is there now; none where it is no ordinary one
    FileWatch(Optional<Path> file, Clock clock) {
        this.file = file;
        this.clock = clock;
        this.key = file.map(FileWatch::key).orElse(null);
    }

    boolean there() {
        if (file.isEmpty()) {
            return true;
        }
        var glance = last;
        return isFresh(glance) ? glance.there() : renewed(file.get());
    }

    /// One thread at a time: an older look must not replace a newer one.
    private synchronized boolean renewed(Path watched) {
        var glance = last;
        if (isFresh(glance)) {
            return glance.there();
        }
        var now = clock.instant();
        var there = Files.exists(watched) && Objects.equals(key, key(watched));
        if (there != glance.there()) {
            tell(there);
        }
        last = new Glance(now, there);
        return there;
    }

    private boolean isFresh(Glance glance) {
        var now = clock.instant();
        return glance.at().isAfter(now.minus(FRESH)) && !glance.at().isAfter(now);
    }

    private void tell(boolean there) {
        if (there) {
            LOG.info("The store's files are there again");
        } else {
            LOG.error("{}", sentence());
        }
    }

    String sentence() {
        return "The store's file " + file.map(Path::toString).orElse("")
                + " is not there any more; put the folder back as it was, or stop and restore a copy.";
    }

    /// What tells a file from another of the same name, where the system does.
    private static @Nullable Object key(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            LOG.debug("{} cannot be looked at.", file, e);
            return null;
        }
    }
}

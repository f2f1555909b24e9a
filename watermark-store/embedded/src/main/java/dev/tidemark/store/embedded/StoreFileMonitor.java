package dev.tidemark.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks that the lock file and the newest segment are in their places. The system continues to write to a
/// removed file or folder, and the records would be lost with the process. Without the lock file, a second
/// process could open the store. Asks the system at most ten times per second. Thread-safe.
final class StoreFileMonitor {
    private static final Logger LOG = LoggerFactory.getLogger(StoreFileMonitor.class);
    private static final Duration FRESH = Duration.ofMillis(100);

    /// Result of a check.
    ///
    /// @param missing file that is not in its place; empty if all are
    private record CheckResult(Instant at, Optional<Path> missing) {}

    /// File in its place.
    ///
    /// @param key distinguishes the file from another file of that name; empty if unknown
    private record Watched(Path file, Optional<Object> key) {
        static Watched of(Path file) {
            return new Watched(file, StoreFileMonitor.key(file));
        }

        boolean isThere() {
            return Files.exists(file) && (key.isEmpty() || key.equals(StoreFileMonitor.key(file)));
        }
    }

    private final Optional<Watched> lock;
    private final Supplier<Path> newest;
    private final Clock clock;
    private Watched segment;
    private volatile CheckResult last = new CheckResult(Instant.MIN, Optional.empty());

    /// @param lock lock file that exists; empty if the store is not in the file system
    /// @param newest returns the file to which the log appends
    StoreFileMonitor(Optional<Path> lock, Supplier<Path> newest, Clock clock) {
        this.lock = lock.map(Watched::of);
        this.newest = newest;
        this.clock = clock;
        this.segment = Watched.of(newest.get());
    }

    /// Returns a sentence about a file that is not in its place; empty if all are.
    Optional<String> obstacle() {
        return missing().map(StoreFileMonitor::sentence);
    }

    private Optional<Path> missing() {
        var result = last;
        return lock.isEmpty() || isFresh(result) ? result.missing() : renewed(lock.get());
    }

    /// Checks one at a time: an older result must not replace a newer one.
    private synchronized Optional<Path> renewed(Watched locked) {
        var result = last;
        if (isFresh(result)) {
            return result.missing();
        }
        var now = clock.instant();
        var file = newest.get();
        if (!file.equals(segment.file()) && result.missing().isEmpty()) { // a missing file stays missing
            segment = Watched.of(file);
        }
        var missing = Stream.of(locked, segment)
                .filter(watched -> !watched.isThere())
                .map(Watched::file)
                .findFirst();
        last = new CheckResult(now, missing);
        if (!missing.equals(result.missing())) {
            log(missing);
        }
        return missing;
    }

    private boolean isFresh(CheckResult result) {
        var now = clock.instant();
        return result.at().isAfter(now.minus(FRESH)) && !result.at().isAfter(now);
    }

    private static void log(Optional<Path> missing) {
        missing.ifPresentOrElse(
                file -> LOG.error("{}", sentence(file)), () -> LOG.info("The store's files are back in place"));
    }

    private static String sentence(Path file) {
        return "The store's file " + file
                + " is missing; put the folder back as it was, or stop Tidemark and restore a backup.";
    }

    /// Returns a key that distinguishes a file from another of the same name; empty if the system has none.
    private static Optional<Object> key(Path file) {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            LOG.debug("Failed to read the attributes of {}", file, e);
            return Optional.empty();
        }
    }
}

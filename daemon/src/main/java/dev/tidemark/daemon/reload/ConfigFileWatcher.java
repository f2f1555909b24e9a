package dev.tidemark.daemon.reload;

import dev.tidemark.daemon.inputs.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests a reload when a mailbox list or a TLS file has new content. Polls, because notifications of the file
/// system do not arrive from network shares and mounted volumes. Waits until a file keeps its content for one
/// interval, so that a file is not read while it is written. Its own thread polls.
public final class ConfigFileWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigFileWatcher.class);
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofSeconds(60);

    private final ConfigReloader reloader;
    private final Clock clock;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("config-files").unstarted(this::run);
    private final Map<Path, FileState> states = new HashMap<>();
    /// Contents at the last request, so that a faulty file is read once.
    private List<String> attempted = List.of();
    private boolean failing;

    /// Content of a file at the last poll.
    private record FileState(String stamp, ConfigFile file, boolean settled) {}

    ConfigFileWatcher(ConfigReloader reloader, Clock clock) {
        this.reloader = reloader;
        this.clock = clock;
    }

    public static ConfigFileWatcher start(ConfigReloader reloader, Clock clock) {
        var watcher = new ConfigFileWatcher(reloader, clock);
        watcher.thread.start();
        return watcher;
    }

    private void run() {
        try {
            while (!stopped.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                pollSafely();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Polls once. Logs the first of consecutive failures. Never throws, because no other thread watches the
    /// files.
    void pollSafely() {
        try {
            poll();
            failing = false;
        } catch (RuntimeException | Error e) {
            if (!failing) {
                LOG.error(
                        "Failed to check mailbox lists and TLS files; retrying every {} s. Meanwhile, reload by"
                                + " 'tidemark reload'",
                        INTERVAL.toSeconds(),
                        e);
            }
            failing = true;
        }
    }

    /// Requests a reload if files changed since the configuration was read, and none changes right now.
    void poll() {
        var known = reloader.files();
        states.keySet().retainAll(known.stream().map(ConfigFile::path).toList());
        known.forEach(this::refresh);
        var changed = known.stream().filter(this::isChanged).toList();
        if (changed.isEmpty() || isRetryDue()) {
            attempted = List.of();
        }
        var contents = changed.stream().map(file -> current(file).digest()).toList();
        var settled = changed.stream().allMatch(file -> state(file).settled());
        if (!changed.isEmpty() && settled && !contents.equals(attempted)) {
            reloader.request(changed.stream().map(ConfigFile::key).collect(Collectors.joining(", ")) + " changed");
            attempted = contents;
        }
    }

    /// Returns true if an obstacle outside the files stopped the last reload, a minute ago or longer.
    private boolean isRetryDue() {
        return reloader.isObstructed()
                && reloader.status()
                        .failedAt()
                        .filter(at -> !clock.instant().isBefore(at.plus(RETRY)))
                        .isPresent();
    }

    private void refresh(ConfigFile known) {
        var stamp = stamp(known.path());
        var before = states.get(known.path());
        if (before != null && before.stamp().equals(stamp)) {
            states.put(known.path(), new FileState(stamp, before.file(), true));
        } else {
            states.put(known.path(), new FileState(stamp, known.refresh(), false));
        }
    }

    /// Returns true for new content. A missing file is no content: it may be about to be replaced.
    private boolean isChanged(ConfigFile known) {
        var digest = current(known).digest();
        return !digest.isEmpty() && !digest.equals(known.digest());
    }

    private FileState state(ConfigFile known) {
        return java.util.Objects.requireNonNull(states.get(known.path()));
    }

    private ConfigFile current(ConfigFile known) {
        return state(known).file();
    }

    private static String stamp(Path path) {
        try {
            return Files.getLastModifiedTime(path) + " " + Files.size(path);
        } catch (IOException missing) {
            return "";
        }
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}

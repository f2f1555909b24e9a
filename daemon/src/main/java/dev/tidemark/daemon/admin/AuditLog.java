package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.access.AdminTokenFile;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// File with one JSON object per request that may change something. Called by [AdminRouter]. Each entry is forced
/// before the response. An entry that cannot be written stays in memory, and [#isWritable] is false until it is
/// written. Opens the file for each write, so that it may be rotated. Thread-safe.
public final class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int MAX_LENGTH = 1000;
    private static final int MAX_PENDING = 1000;

    private final Optional<Path> file;
    private final Clock clock;
    private final Queue<String> arriving = new ConcurrentLinkedQueue<>();

    /// Held while the file is forced. Entries that arrive meanwhile share the next force.
    private final ReentrantLock writing = new ReentrantLock();

    private final Deque<String> pending = new ArrayDeque<>();
    private volatile Optional<String> failure = Optional.empty();

    private AuditLog(Optional<Path> file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /// Creates the file if it is absent.
    ///
    /// @param file empty if nothing is audited
    /// @throws UnreachableException if the file cannot be written
    public static AuditLog open(Optional<Path> file, Clock clock) {
        var log = new AuditLog(file, clock);
        file.ifPresent(path -> {
            try {
                append(path, "");
            } catch (IOException e) {
                throw new UnreachableException(
                        "The audit file " + path + " cannot be written (" + e
                                + "); make it writable for the daemon, or change admin.audit.",
                        e);
            }
        });
        return log;
    }

    /// Returns a log that keeps nothing.
    static AuditLog none() {
        return new AuditLog(Optional.empty(), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    }

    /// Tries to write pending entries. Returns false while that fails.
    boolean isWritable() {
        if (failure.isPresent()) {
            flush();
        }
        return failure.isEmpty();
    }

    /// Returns cause and remedy if entries are pending.
    Optional<String> obstacle() {
        return isWritable()
                ? Optional.empty()
                : failure.map(cause -> "The audit file " + file.orElseThrow() + " cannot be written (" + cause
                        + "), so changes through the admin API are refused; make it writable");
    }

    /// Appends the entry of a request.
    ///
    /// @param token name of the caller's token
    /// @param action method and pattern of the route
    /// @param hasBody true if the route was called, and may have read the body
    /// @param status status of the response
    void append(AdminRequest request, String token, String action, boolean hasBody, int status) {
        if (file.isEmpty()) {
            return;
        }
        var entry = new LinkedHashMap<String, Object>();
        entry.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS));
        entry.put("token", token);
        entry.put("address", request.remote());
        entry.put("action", action);
        entry.put("target", String.join("/", request.variables().values()));
        if (!request.query().isEmpty()) {
            var parameters = new LinkedHashMap<String, String>();
            request.query().forEach((name, value) -> parameters.put(cut(name), cut(value)));
            entry.put("parameters", parameters);
        }
        var body = hasBody ? request.body() : "";
        if (!body.isBlank()) {
            entry.put("body", cut(body));
        }
        entry.put("result", status);
        append(YamlJsonCodec.toJson(entry).strip() + "\n");
    }

    private static String cut(String text) {
        return text.substring(0, Math.min(text.length(), MAX_LENGTH));
    }

    private void append(String line) {
        arriving.add(line);
        flush();
    }

    private void flush() {
        writing.lock();
        try {
            if (!arriving.isEmpty() || failure.isPresent()) {
                write(takeArrived());
            }
        } finally {
            writing.unlock();
        }
    }

    private List<String> takeArrived() {
        var arrived = new ArrayList<String>();
        for (var line = arriving.poll(); line != null; line = arriving.poll()) {
            arrived.add(line);
        }
        return arrived;
    }

    /// Writes the pending and the arrived entries. Keeps all of them pending if the write fails.
    private void write(List<String> arrived) {
        arrived.forEach(this::addPending);
        try {
            append(file.orElseThrow(), String.join("", pending));
            pending.clear();
            failure = Optional.empty();
        } catch (IOException e) {
            failure = Optional.of(e.toString());
            arrived.forEach(line -> LOG.warn(
                    "Failed to write the audit file {}: {}; refusing changes through the admin API until it is"
                            + " writable. Pending entry: {}",
                    file.orElseThrow(),
                    e.toString(),
                    line.strip()));
        }
    }

    private void addPending(String line) {
        if (pending.size() == MAX_PENDING) {
            LOG.warn("Dropped the oldest of {} pending entries of the audit file; the log has it", MAX_PENDING);
            pending.removeFirst();
        }
        pending.add(line);
    }

    /// Returns true if the last line lacks its line feed, as after a power cut.
    private static boolean isTorn(Path path) throws IOException {
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            return false;
        }
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            var last = ByteBuffer.allocate(1);
            return channel.size() > 0 && channel.read(last, channel.size() - 1) == 1 && last.get(0) != '\n';
        }
    }

    /// Appends and forces a text, completely or not at all.
    private static void append(Path path, String text) throws IOException {
        var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        var start = isTorn(path) ? "\n" : "";
        try (var channel = FileChannel.open(path, options, AdminTokenFile.ownerOnly(path))) {
            var size = channel.size();
            try {
                for (var bytes = ByteBuffer.wrap((start + text).getBytes(StandardCharsets.UTF_8));
                        bytes.hasRemaining(); ) {
                    channel.write(bytes);
                }
                channel.force(true);
            } catch (IOException e) {
                channel.truncate(size);
                throw e;
            }
        }
    }
}

package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.admin.access.AdminTokenFile;
import dev.tidemark.daemon.config.YamlJsonCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// File with one JSON object per request that may change something. Called by [AdminRouter]. Each entry is forced
/// before the response. An entry that cannot be written stays in memory, and [#isWritable] is false until it is
/// written. Opens the file for each entry, so that it may be rotated. Thread-safe.
public final class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int MAX_BODY_LENGTH = 1000;

    private final Optional<Path> file;
    private final Clock clock;
    private final List<String> pending = new ArrayList<>();

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

    /// Returns whether every entry so far is in the file. Tries to write those that are not.
    synchronized boolean isWritable() {
        flush();
        return pending.isEmpty();
    }

    /// Appends the entry of a request.
    ///
    /// @param token name of the caller's token
    /// @param action method and pattern of the route
    /// @param status status of the response
    void append(AdminRequest request, String token, String action, int status) {
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
            entry.put("parameters", request.query());
        }
        if (!request.body().isBlank()) {
            var end = Math.min(request.body().length(), MAX_BODY_LENGTH);
            entry.put("body", request.body().substring(0, end));
        }
        entry.put("result", status);
        append(YamlJsonCodec.toJson(entry).strip() + "\n");
    }

    private synchronized void append(String line) {
        pending.add(line);
        flush();
    }

    private void flush() {
        if (pending.isEmpty()) {
            return;
        }
        try {
            append(file.orElseThrow(), String.join("", pending));
            pending.clear();
        } catch (IOException e) {
            LOG.warn(
                    "Failed to write the audit file {}: {}; refusing changes through the admin API until it is writable."
                            + " Pending entries: {}",
                    file.orElseThrow(),
                    e.toString(),
                    String.join("", pending).strip());
        }
    }

    /// Appends and forces a text, completely or not at all.
    private static void append(Path path, String text) throws IOException {
        var options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        try (var channel = FileChannel.open(path, options, AdminTokenFile.ownerOnly(path))) {
            var size = channel.size();
            try {
                for (var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)); bytes.hasRemaining(); ) {
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

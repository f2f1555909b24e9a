package dev.tidemark.listener;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Detects changes of the certificate files. Not thread-safe; used by one thread of each server.
public final class PemFileWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(PemFileWatcher.class);

    private final ListenerConfig.Tls files;
    private List<FileTime> lastModified;

    public PemFileWatcher(ListenerConfig.Tls files) {
        this.files = files;
        lastModified = modificationTimes();
    }

    /// Returns the identity in the files if they changed since the last check and can be used. Logs each
    /// unusable change once.
    public Optional<PemIdentity> loadIfChanged() {
        var now = modificationTimes();
        if (now.isEmpty() || now.equals(lastModified)) {
            return Optional.empty();
        }
        lastModified = now;
        try {
            return Optional.of(PemIdentity.load(files));
        } catch (ListenerException e) {
            LOG.warn("Keeping the current certificate: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /// Returns an empty list while a file is missing, for example during a replacement.
    private List<FileTime> modificationTimes() {
        try {
            return List.of(
                    Files.getLastModifiedTime(files.certificate()), Files.getLastModifiedTime(files.privateKey()));
        } catch (IOException e) {
            LOG.debug("Cannot read the times of the certificate files", e);
            return List.of();
        }
    }
}

package dev.tidemark.listener;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches the files of a certificate. For one thread.
final class PemFileWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(PemFileWatcher.class);

    private final ListenerConfig.Tls files;
    private List<FileTime> lastModified;

    PemFileWatcher(ListenerConfig.Tls files) {
        this.files = files;
        lastModified = modificationTimes();
    }

    /// What the files hold now, if they changed since the last look and can be used. What cannot is reported
    /// once.
    Optional<PemIdentity> loadIfChanged() {
        var now = modificationTimes();
        if (now.isEmpty() || now.equals(lastModified)) {
            return Optional.empty();
        }
        lastModified = now;
        try {
            return Optional.of(PemIdentity.load(files));
        } catch (ListenerException e) {
            LOG.warn("The certificate stays what it was: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /// Empty while one of them is missing, as in the middle of a replacement.
    private List<FileTime> modificationTimes() {
        try {
            return List.of(
                    Files.getLastModifiedTime(files.certificate()), Files.getLastModifiedTime(files.privateKey()));
        } catch (IOException e) {
            LOG.debug("The certificate's files cannot be looked at now.", e);
            return List.of();
        }
    }
}

package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.store.embedded.BackupSettings;
import dev.tidemark.store.embedded.StoreBackup;
import dev.tidemark.store.model.JournalPosition;
import dev.tidemark.store.transfer.CopyProgress;
import dev.tidemark.store.transfer.CopyableStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves `POST /api/v1/backup`: copies the store to a directory on the daemon's machine, concurrently with all other
/// work.
record BackupRoutes(CopyableStore store, BackupSettings settings, OperationRegistry operations, Clock clock) {
    private static final Logger LOG = LoggerFactory.getLogger(BackupRoutes.class);

    void addTo(AdminRouter router) {
        router.post("/api/v1/backup", this::backUp);
    }

    private AdminReply backUp(AdminRequest request) {
        try {
            var fields = request.fields(List.of("to"));
            var to = target(fields.getOrDefault("to", ""));
            return operations
                    .start("backup", progress -> copy(to, progress))
                    .map(operation -> AdminReply.json(202, Map.of("operation", operation.id())))
                    .orElseGet(
                            () -> AdminReply.problem(409, "in-progress", "another backup is in progress; wait for it"));
        } catch (BadValueException wrong) {
            return AdminReply.badParameter(wrong.sentence());
        }
    }

    private Path target(Object text) throws BadValueException {
        var root = settings.directory()
                .orElseThrow(() -> new BadValueException(
                        "store.backup-directory is not configured; set it to the directory for backups"));
        try {
            var path = Path.of(String.valueOf(text));
            if (!path.isAbsolute()) {
                throw new BadValueException("to must be an absolute path below " + root);
            }
            var to = path.normalize();
            if (!to.startsWith(root) || to.equals(root)) {
                throw new BadValueException(
                        "backups go below " + root + " only; name a directory there, or set store.backup-directory");
            }
            requireNoLinkOut(root, to);
            return to;
        } catch (InvalidPathException e) {
            throw new BadValueException("to is not a path: " + e.getReason());
        }
    }

    /// Rejects a path that a symbolic link leads out of the directory for backups.
    private static void requireNoLinkOut(Path root, Path to) throws BadValueException {
        var existing = to;
        while (!Files.exists(existing) && !existing.equals(root)) {
            existing = Optional.ofNullable(existing.getParent()).orElse(root);
        }
        try {
            if (Files.exists(root) && !existing.toRealPath().startsWith(root.toRealPath())) {
                throw new BadValueException(
                        existing + " is a link that leads out of " + root + "; name a directory inside");
            }
        } catch (IOException e) {
            throw new BadValueException(existing + " cannot be read; check its rights");
        }
    }

    private Map<String, Object> copy(Path to, CopyProgress progress) {
        LOG.info("Started backup to {}", to);
        try (var source = store.openSource()) {
            var backup = StoreBackup.create(source, store.instance().name(), to, settings.minFree(), clock, progress);
            LOG.info("Backup in {} is complete up to position {}", to, backup.position());
            var fields = new LinkedHashMap<String, Object>();
            fields.put("to", to.toString());
            fields.put("position", PositionTextCodec.of(new JournalPosition(backup.position())));
            return fields;
        }
    }
}

package dev.tidemark.daemon.config;

import dev.tidemark.compensator.CompensatorConfig.Retention;
import dev.tidemark.store.StoreConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Reads `store`.
record StoreReader(ConfigSectionReader store, Path folder) {
    static final String H2_FILE = "jdbc:h2:file:";
    static final String POSTGRESQL = "jdbc:postgresql:";
    private static final String BACKUP_DIRECTORY = "backup-directory";
    private static final int MIN_POOL = 2;
    private static final int MAX_POOL = 100;
    private static final int SEAL_KEY_BYTES = 32;
    /// Literal password in the address of PostgreSQL.
    private static final Pattern PASSWORD = Pattern.compile("(?i)[?&;]password=(?!\\$\\{)[^&;]+");

    private static final ValueConverter<String> SEAL_KEY = new ValueConverter<>(StoreReader::sealKey, text -> text);

    /// Settings of the store.
    ///
    /// @param config returns the configuration for a resync margin
    /// @param backupDirectory directory for backups; empty if none is known
    record StoreSettings(Function<Duration, StoreConfig> config, Optional<Path> backupDirectory) {}

    /// Reads the keys of the store. The caller completes the settings with the resync margin from `compensator`.
    /// An existing store may have a different name than `instance`; the daemon checks that after opening it.
    StoreSettings read(String instance) {
        var url = url();
        store.warnOfPasswordIn("url", PASSWORD);
        checkPlace(url);
        var username = store.get("username", ValueConverter.TEXT, "");
        var password = store.secret("password", ValueConverter.TEXT).orElse("");
        var minFree = store.get("min-free", ValueConverter.SIZE, 512L << 20);
        var pool = store.get("pool", ValueConverter.wholeNumber(MIN_POOL, MAX_POOL), StoreConfig.DEFAULT_POOL);
        var sealKeys = store.secrets("seal-key", SEAL_KEY);
        var backups = backupDirectory(url);
        // an unset key must not move the backup of an upgrade away from the store
        var upgradeBackups = store.has(BACKUP_DIRECTORY) ? backups : Optional.<Path>empty();
        return new StoreSettings(
                resyncMargin -> new StoreConfig(url, username, password, instance, false, minFree, resyncMargin, pool)
                        .withSealKeys(sealKeys)
                        .withUpgradeBackups(upgradeBackups.map(Path::toString)),
                backups);
    }

    /// Reports a path at which no store can be created: below a file, or below a directory that this user cannot
    /// write. The daemon may run as another user, so the latter is a warning.
    private void checkPlace(String url) {
        if (!url.startsWith(H2_FILE + "/")) {
            return;
        }
        var existing =
                Path.of(url.substring(H2_FILE.length()).replaceFirst(";.*", "")).getParent();
        while (existing != null && Files.notExists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null) {
            return;
        }
        if (!Files.isDirectory(existing)) {
            store.addFault(
                    store.mark("url"), "store.url: " + existing + " is no directory; set a path below a directory");
        } else if (!Files.isWritable(existing)) {
            store.addWarning(
                    store.mark("url"),
                    "store.url: the user of this command cannot write to " + existing
                            + "; give the daemon's user the right, or set another path");
        }
    }

    /// Returns the address of the store, with an absolute path.
    String url() {
        return store.get(
                "url", new ValueConverter<>(this::url, StoreReader::withoutPassword), absolute("./data/tidemark"));
    }

    /// Returns the directory for backups: as configured, or the one above the store's files.
    private Optional<Path> backupDirectory(String url) {
        var converter = new ValueConverter<>(
                text -> folder.resolve(text).toAbsolutePath().normalize(), Path::toString);
        var above = aboveFiles(url);
        return above.isPresent()
                ? above.map(path -> store.get(BACKUP_DIRECTORY, converter, path))
                : store.find(BACKUP_DIRECTORY, converter);
    }

    private static Optional<Path> aboveFiles(String url) {
        return Optional.of(url)
                .filter(text -> text.startsWith(H2_FILE + "/"))
                .map(text -> Path.of(text.substring(H2_FILE.length()).replaceFirst(";.*", "")))
                .map(Path::getParent)
                .map(files -> Optional.ofNullable(files.getParent()).orElse(files));
    }

    Retention retention() {
        var settings = new Retention(
                store.get("retention", ValueConverter.DURATION, Duration.ofDays(7)),
                store.get("max-undelivered", ValueConverter.DURATION, Duration.ofDays(30)),
                store.get("dead-letter-retention", ValueConverter.DURATION, Duration.ofDays(30)));
        store.finish();
        if (settings.undelivered().compareTo(settings.delivered()) < 0) {
            store.addWarning(
                    store.mark("max-undelivered"),
                    "store.max-undelivered is below store.retention, " + QuantityFormat.format(settings.delivered())
                            + ": no event is kept for longer than it; write as much as retention, or more");
        }
        return settings;
    }

    private String url(String text) throws BadValueException {
        if (text.matches(POSTGRESQL + "//[^/?]+/[^/?]+(\\?.*)?")) {
            return text;
        }
        if (!text.startsWith(H2_FILE) || text.length() == H2_FILE.length()) {
            throw new BadValueException("this is not the address of a store; write jdbc:h2:file:./data/tidemark, or"
                    + " jdbc:postgresql://host:5432/database");
        }
        return absolute(text.substring(H2_FILE.length()));
    }

    private static String sealKey(String text) throws BadValueException {
        try {
            if (Base64.getDecoder().decode(text).length == SEAL_KEY_BYTES) {
                return text;
            }
        } catch (IllegalArgumentException notBase64) {
            throw new BadValueException("this key is not Base64; write what 'openssl rand -base64 32' prints");
        }
        throw new BadValueException("this key has not 32 bytes; write what 'openssl rand -base64 32' prints");
    }

    /// PostgreSQL takes a password in its address as well.
    private static String withoutPassword(String url) {
        return url.replaceAll("(?i)(password=)[^&]*", "$1***");
    }

    /// Makes a path absolute. H2 would resolve a relative path against the working directory. Settings of H2
    /// follow a `;`.
    private String absolute(String path) {
        var end = path.indexOf(';') < 0 ? path.length() : path.indexOf(';');
        var file = path.substring(0, end);
        var whole =
                file.startsWith("~") ? file : folder.resolve(file).normalize().toString();
        return H2_FILE + whole + path.substring(end);
    }
}

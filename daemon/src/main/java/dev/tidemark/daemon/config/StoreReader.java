package dev.tidemark.daemon.config;

import dev.tidemark.compensator.CompensatorConfig.Retention;
import dev.tidemark.store.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;

/// Reads `store`.
record StoreReader(ConfigSectionReader store, Path folder) {
    private static final String H2_FILE = "jdbc:h2:file:";
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final int MIN_POOL = 2;
    private static final int MAX_POOL = 100;

    /// Reads the keys of the store. The caller completes the settings with the resync margin from `compensator`.
    /// An existing store may have a different name than `instance`; the daemon checks that after opening it.
    Function<Duration, StoreConfig> read(String instance) {
        var url = store.get(
                "url", new ValueConverter<>(this::url, StoreReader::withoutPassword), absolute("./data/tidemark"));
        var username = store.get("username", ValueConverter.TEXT, "");
        var password = store.secret("password", ValueConverter.TEXT).orElse("");
        var minFree = store.get("min-free", ValueConverter.SIZE, 512L << 20);
        var pool = store.get("pool", ValueConverter.wholeNumber(MIN_POOL, MAX_POOL), StoreConfig.DEFAULT_POOL);
        return resyncMargin -> new StoreConfig(url, username, password, instance, false, minFree, resyncMargin, pool);
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
        if (text.matches(POSTGRESQL + "//[^/]+/[^/]+")) {
            return text;
        }
        if (!text.startsWith(H2_FILE) || text.length() == H2_FILE.length()) {
            throw new BadValueException("this is not the address of a store; write jdbc:h2:file:./data/tidemark, or"
                    + " jdbc:postgresql://host:5432/database");
        }
        return absolute(text.substring(H2_FILE.length()));
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

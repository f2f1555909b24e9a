package dev.tidemark.store;

import java.time.Duration;

/// Settings for opening a store.
///
/// @param instance name of the deployment
/// @param instanceConfigured false if `instance` is only the host name; then the name in an existing store takes
/// precedence
/// @param minFree bytes of free disk space below which the store accepts nothing
/// @param resyncMargin period before a watermark's time in which stored event ids count as duplicates of a
/// resync's finds
/// @param pool limit of the connections to PostgreSQL
public record StoreConfig(
        String url,
        String username,
        String password,
        String instance,
        boolean instanceConfigured,
        long minFree,
        Duration resyncMargin,
        int pool) {
    public static final int DEFAULT_POOL = 10;

    /// Creates settings with the default pool.
    public StoreConfig(
            String url,
            String username,
            String password,
            String instance,
            boolean instanceConfigured,
            long minFree,
            Duration resyncMargin) {
        this(url, username, password, instance, instanceConfigured, minFree, resyncMargin, DEFAULT_POOL);
    }

    /// Returns the settings for another store.
    public StoreConfig withUrl(String other) {
        return new StoreConfig(other, username, password, instance, instanceConfigured, minFree, resyncMargin, pool);
    }

    /// Returns the settings without a name that the store must have.
    public StoreConfig withAnyInstance() {
        return new StoreConfig(url, username, password, instance, false, minFree, resyncMargin, pool);
    }

    @Override
    public String toString() {
        return "StoreConfig[url=" + url + ", instance=" + instance + "]";
    }
}

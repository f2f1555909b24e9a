package dev.tidemark.store;

import java.time.Duration;
import java.util.List;

/// Settings for opening a store.
///
/// @param instance name of the deployment
/// @param instanceConfigured false if `instance` is only the host name; then the name in an existing store takes
/// precedence
/// @param minFree bytes of free disk space below which the store accepts nothing
/// @param resyncMargin period before a watermark's time in which stored event ids count as duplicates of a
/// resync's finds
/// @param pool limit of the connections to PostgreSQL
/// @param sealKeys keys of 32 bytes in Base64 that seal the store's secrets, newest first; if empty, secrets are not
/// sealed
public record StoreConfig(
        String url,
        String username,
        String password,
        String instance,
        boolean instanceConfigured,
        long minFree,
        Duration resyncMargin,
        int pool,
        List<String> sealKeys) {
    public static final int DEFAULT_POOL = 10;

    public StoreConfig {
        sealKeys = List.copyOf(sealKeys);
    }

    /// Creates settings with the default pool, which seal nothing.
    public StoreConfig(
            String url,
            String username,
            String password,
            String instance,
            boolean instanceConfigured,
            long minFree,
            Duration resyncMargin) {
        this(url, username, password, instance, instanceConfigured, minFree, resyncMargin, DEFAULT_POOL, List.of());
    }

    /// Returns the settings for another store.
    public StoreConfig withUrl(String other) {
        return new StoreConfig(
                other, username, password, instance, instanceConfigured, minFree, resyncMargin, pool, sealKeys);
    }

    /// Returns the settings without a name that the store must have.
    public StoreConfig withAnyInstance() {
        return new StoreConfig(url, username, password, instance, false, minFree, resyncMargin, pool, sealKeys);
    }

    /// Returns the settings with other keys.
    public StoreConfig withSealKeys(List<String> keys) {
        return new StoreConfig(
                url, username, password, instance, instanceConfigured, minFree, resyncMargin, pool, keys);
    }

    @Override
    public String toString() {
        return "StoreConfig[url=" + url + ", instance=" + instance + "]";
    }
}

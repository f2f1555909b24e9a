package dev.tidemark.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

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
/// @param upgradeBackups absolute path of the directory for the backup before an upgrade; empty for the one of the
/// store
/// @param node this process among several that share the store; empty if the process uses the store alone
public record StoreConfig(
        String url,
        String username,
        String password,
        String instance,
        boolean instanceConfigured,
        long minFree,
        Duration resyncMargin,
        int pool,
        List<String> sealKeys,
        Optional<String> upgradeBackups,
        Optional<NodeConfig> node) {
    public static final int DEFAULT_POOL = 10;

    public StoreConfig {
        sealKeys = List.copyOf(sealKeys);
    }

    /// Process that shares a store on PostgreSQL with others.
    ///
    /// @param name unique among the nodes
    /// @param maxHold time after which the server ends a commit of a frozen node, so that the others continue
    /// @param sinkPartitions number of partitions of each sink, which all live nodes must have in common
    public record NodeConfig(String name, Duration maxHold, int sinkPartitions) {
        /// Returns a node whose frozen commit ends before another node can take over its work.
        ///
        /// @param lease time after which other nodes take over the work of a node
        public static NodeConfig ofLease(String name, Duration lease, int sinkPartitions) {
            return new NodeConfig(name, lease.multipliedBy(3).dividedBy(4), sinkPartitions);
        }

        /// Returns the time that a renewal of leases may take, so that a second attempt can still renew in time.
        public Duration halfLease() {
            return maxHold.multipliedBy(2).dividedBy(3);
        }
    }

    /// Creates settings of a process that uses the store alone and seals nothing.
    public StoreConfig(
            String url,
            String username,
            String password,
            String instance,
            boolean instanceConfigured,
            long minFree,
            Duration resyncMargin,
            int pool) {
        this(
                url,
                username,
                password,
                instance,
                instanceConfigured,
                minFree,
                resyncMargin,
                pool,
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

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
        return with(other, instanceConfigured, sealKeys, upgradeBackups, node);
    }

    /// Returns the settings without a name that the store must have.
    public StoreConfig withAnyInstance() {
        return with(url, false, sealKeys, upgradeBackups, node);
    }

    /// Returns the settings with other keys.
    public StoreConfig withSealKeys(List<String> keys) {
        return with(url, instanceConfigured, keys, upgradeBackups, node);
    }

    /// Returns the settings with another directory of the backup before an upgrade.
    public StoreConfig withUpgradeBackups(Optional<String> directory) {
        return with(url, instanceConfigured, sealKeys, directory, node);
    }

    /// Returns the settings of a node that shares the store with others.
    public StoreConfig withNode(NodeConfig shared) {
        return with(url, instanceConfigured, sealKeys, upgradeBackups, Optional.of(shared));
    }

    /// Returns the settings of a process that uses the store alone, for example to copy it.
    public StoreConfig withoutNode() {
        return with(url, instanceConfigured, sealKeys, upgradeBackups, Optional.empty());
    }

    private StoreConfig with(
            String place, boolean named, List<String> keys, Optional<String> backups, Optional<NodeConfig> process) {
        return new StoreConfig(
                place, username, password, instance, named, minFree, resyncMargin, pool, keys, backups, process);
    }

    @Override
    public String toString() {
        return "StoreConfig[url=" + url + ", instance=" + instance + "]";
    }
}

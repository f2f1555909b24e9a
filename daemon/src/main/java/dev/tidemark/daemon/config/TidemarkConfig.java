package dev.tidemark.daemon.config;

import dev.tidemark.compensator.CompensatorConfig;
import dev.tidemark.daemon.admin.access.AccessToken;
import dev.tidemark.daemon.inputs.ConfigInputs;
import dev.tidemark.daemon.logging.LogConfigSection;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.listener.ListenerConfig;
import dev.tidemark.store.StoreConfig;
import dev.tidemark.store.StoreConfig.NodeConfig;
import dev.tidemark.tracing.TracerFactory.TracingConfig;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Valid configuration. `effective` holds the values that `tidemark config` prints, with defaults and redacted
/// secrets. Backups go below `backupDirectory` only. `instanceAt` is the location of the key `instance`, if the
/// file has it. `inputs` holds everything else that a reload compares.
public record TidemarkConfig(
        Map<String, ConnectionConfigSection> connections,
        ListenerSection listener,
        List<GroupConfigSection> groups,
        List<SinkConfig> sinks,
        EgressConfig egress,
        StoreConfig store,
        Optional<Path> backupDirectory,
        Optional<SourceLocation> instanceAt,
        CompensatorConfig compensator,
        AdminSection admin,
        ClusterSection cluster,
        LogConfigSection log,
        Optional<TracingConfig> tracing,
        Map<String, Object> effective,
        ConfigInputs inputs,
        List<ConfigDiagnostic> warnings) {
    /// Settings of `listener`. Token keys are Base64.
    public record ListenerSection(
            ListenerConfig server, URI publicUrl, Optional<String> tokenKey, List<String> previousTokenKeys) {
        @Override
        public String toString() {
            return "ListenerSection[server=" + server + ", publicUrl=" + publicUrl + "]";
        }
    }

    /// Settings of `admin`.
    ///
    /// @param tokenFile file of the first start's token, which applies if `tokens` is empty
    /// @param publicHost host and port at which a reverse proxy serves the API
    /// @param audit file with one line per change
    public record AdminSection(
            BindAddress bind,
            Optional<ListenerConfig.Tls> tls,
            List<AccessToken> tokens,
            Path tokenFile,
            Optional<String> publicHost,
            Optional<Path> audit) {
        AdminSection withTokens(List<AccessToken> others) {
            return new AdminSection(bind, tls, others, tokenFile, publicHost, audit);
        }

        /// Returns true if only programs of this machine reach the API.
        public boolean onLoopback() {
            return NetworkAddressConverter.isLoopback(bind.host());
        }
    }

    /// Settings of `cluster`.
    ///
    /// @param node name of this node, unique in the cluster
    /// @param lease time after which other nodes take over the work of a node that died
    /// @param sinkPartitions number of partitions of each sink, each delivered by one node
    public record ClusterSection(boolean enabled, String node, Duration lease, int sinkPartitions) {
        static final Duration DEFAULT_LEASE = Duration.ofSeconds(4);

        /// Returns the number of partitions of each sink; one without a cluster.
        public int partitionsInUse() {
            return enabled ? sinkPartitions : 1;
        }

        /// Returns the settings of the store for this node. The server ends the commit of a frozen node before
        /// its leases end.
        StoreConfig share(StoreConfig store) {
            return enabled ? store.withNode(NodeConfig.ofLease(node, lease, sinkPartitions)) : store;
        }
    }

    /// Reads `admin` alone. Ignores faults in other places, so that commands can find a running daemon whose
    /// secrets they cannot read.
    ///
    /// @throws ConfigException if the file cannot be read
    public static AdminSection readAdmin(Path file, Function<String, Optional<String>> environment) {
        return ConfigReader.readAdmin(file, environment);
    }

    /// Reads `file` as `run` does.
    ///
    /// @throws ConfigException with all faults
    public static TidemarkConfig read(Path file, Function<String, Optional<String>> environment) {
        return ConfigReader.read(file, environment);
    }

    /// Returns the configuration without the mailboxes of its groups, which may be very many.
    public TidemarkConfig withoutMailboxes() {
        return withGroups(
                groups.stream().map(GroupConfigSection::withoutMailboxes).toList());
    }

    private TidemarkConfig withGroups(List<GroupConfigSection> others) {
        return new TidemarkConfig(
                connections,
                listener,
                others,
                sinks,
                egress,
                store,
                backupDirectory,
                instanceAt,
                compensator,
                admin,
                cluster,
                log,
                tracing,
                effective,
                inputs,
                warnings);
    }

    /// Returns this configuration with the settings of `running` that only a restart can change.
    public TidemarkConfig withRestartSettingsOf(TidemarkConfig running) {
        var samePath = hasSamePath(running);
        return new TidemarkConfig(
                samePath ? connections : withPublicUrlsOf(running),
                new ListenerSection(
                        running.listener.server().withLiveSettings(listener.server()),
                        samePath ? listener.publicUrl() : running.listener.publicUrl(),
                        listener.tokenKey(),
                        listener.previousTokenKeys()),
                groups,
                sinks,
                egress,
                running.store,
                running.backupDirectory,
                running.instanceAt,
                running.compensator,
                hasSameTokens(running) ? running.admin.withTokens(admin.tokens()) : running.admin,
                running.cluster,
                running.log,
                running.tracing,
                effective,
                inputs,
                warnings);
    }

    /// Returns true if the listener serves the path of this public URL, too.
    public boolean hasSamePath(TidemarkConfig running) {
        return listener.server().pathPrefix().equals(running.listener.server().pathPrefix());
    }

    /// Returns true if both or neither use TLS for the listener.
    public boolean hasSameTls(TidemarkConfig running) {
        return listener.server().tls().isPresent()
                == running.listener.server().tls().isPresent();
    }

    /// Returns true if both or neither have tokens for the admin API.
    public boolean hasSameTokens(TidemarkConfig running) {
        return admin.tokens().isEmpty() == running.admin.tokens().isEmpty();
    }

    private Map<String, ConnectionConfigSection> withPublicUrlsOf(TidemarkConfig running) {
        var result = new LinkedHashMap<String, ConnectionConfigSection>();
        connections.forEach((name, connection) -> result.put(
                name,
                connection.withPublicUrl(Optional.ofNullable(running.connections.get(name))
                        .flatMap(ConnectionConfigSection::publicUrl))));
        return result;
    }

    @Override
    public String toString() {
        return "TidemarkConfig" + effective;
    }
}

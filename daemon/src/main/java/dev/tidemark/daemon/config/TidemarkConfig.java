package dev.tidemark.daemon.config;

import dev.tidemark.compensator.CompensatorConfig;
import dev.tidemark.daemon.admin.access.AccessToken;
import dev.tidemark.daemon.logging.LogConfigSection;
import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.listener.ListenerConfig;
import dev.tidemark.store.StoreConfig;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Valid configuration. `effective` holds the values that `tidemark config` prints, with defaults and redacted
/// secrets. Backups go below `backupDirectory` only. `instanceAt` is the location of the key `instance`, if the file
/// has it.
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
        LogConfigSection log,
        Map<String, Object> effective,
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
        /// Returns true if only programs of this machine reach the API.
        public boolean onLoopback() {
            return NetworkAddressConverter.isLoopback(bind.host());
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

    @Override
    public String toString() {
        return "TidemarkConfig" + effective;
    }
}

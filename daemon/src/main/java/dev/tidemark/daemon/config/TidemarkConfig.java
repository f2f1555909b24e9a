package dev.tidemark.daemon.config;

import dev.tidemark.forwarder.config.SinkConfig;
import dev.tidemark.forwarder.targets.EgressConfig;
import dev.tidemark.store.StoreConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A configuration that holds together. `effective` is what `tidemark config` prints: every value that
/// counts, defaults filled in, secrets redacted. `instanceAt` is where the instance's name is written, if it
/// is.
public record TidemarkConfig(
        Map<String, ConnectionConfigSection> connections,
        ListenerConfigSection listener,
        List<GroupConfigSection> groups,
        List<SinkConfig> sinks,
        EgressConfig egress,
        StoreConfig store,
        Optional<SourceLocation> instanceAt,
        RetentionConfigSection retention,
        CompensatorConfigSection compensator,
        BindAddress admin,
        Map<String, Object> effective,
        List<ConfigDiagnostic> warnings) {
    /// Reads `file` as `run` does.
    ///
    /// @throws ConfigException with every mistake in it
    public static TidemarkConfig read(Path file, Function<String, Optional<String>> environment) {
        return ConfigReader.read(file, environment);
    }

    @Override
    public String toString() {
        return "TidemarkConfig" + effective;
    }
}

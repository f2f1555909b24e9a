package dev.tidemark.daemon.inputs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Inputs of a configuration beside its visible values, for the comparison with a later one.
///
/// @param secrets digests of the secrets, by dotted key
/// @param files files that the configuration names: lists of mailboxes, certificates and keys
public record ConfigInputs(ConfigSource source, Map<String, String> secrets, List<ConfigFile> files) {
    public ConfigInputs {
        secrets = Map.copyOf(secrets);
        files = List.copyOf(files);
    }

    /// Place from which a configuration was read, so that a reload can read it again.
    public record ConfigSource(Path file, Function<String, Optional<String>> environment) {}
}

package dev.tidemark.daemon.inputs;

import java.util.List;
import java.util.Map;

/// Inputs of a configuration beside its visible values, for the comparison with a later one.
///
/// @param secrets digests of the secrets, by dotted key
/// @param files files that the configuration names: lists of mailboxes, certificates and keys
public record ConfigInputs(ConfigSource source, Map<String, String> secrets, List<ConfigFile> files) {
    public ConfigInputs {
        secrets = Map.copyOf(secrets);
        files = List.copyOf(files);
    }
}

package dev.tidemark.daemon.config;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Thrown for an invalid configuration, with all its faults.
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigDiagnostic> found;

    /// @param found faults and warnings
    public ConfigException(List<ConfigDiagnostic> found) {
        super(mistakes(found).map(ConfigDiagnostic::text).collect(Collectors.joining("\n")));
        this.found = List.copyOf(found);
    }

    private static Stream<ConfigDiagnostic> mistakes(List<ConfigDiagnostic> found) {
        return found.stream().filter(fault -> !fault.warning());
    }

    /// Returns the faults in the order of the file.
    public List<ConfigDiagnostic> faults() {
        return mistakes(found).toList();
    }

    /// Returns the warnings. The caller shows them only on request, because some may result from faults.
    public List<ConfigDiagnostic> warnings() {
        return found.stream().filter(ConfigDiagnostic::warning).toList();
    }
}

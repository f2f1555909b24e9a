package dev.tidemark.daemon.config;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A configuration that cannot be used, with every mistake that was found in it.
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigDiagnostic> found;

    /// @param found mistakes, and whatever else was found
    public ConfigException(List<ConfigDiagnostic> found) {
        super(mistakes(found).map(ConfigDiagnostic::text).collect(Collectors.joining("\n")));
        this.found = List.copyOf(found);
    }

    private static Stream<ConfigDiagnostic> mistakes(List<ConfigDiagnostic> found) {
        return found.stream().filter(fault -> !fault.warning());
    }

    /// What has to be mended, in the order of the file.
    public List<ConfigDiagnostic> faults() {
        return mistakes(found).toList();
    }

    /// What is only a risk. Warnings would hide the mistakes, and some may come of them: they wait, unless
    /// somebody asks.
    public List<ConfigDiagnostic> warnings() {
        return found.stream().filter(ConfigDiagnostic::warning).toList();
    }
}

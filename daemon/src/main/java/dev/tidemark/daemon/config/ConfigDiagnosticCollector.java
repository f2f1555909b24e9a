package dev.tidemark.daemon.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects findings while reading continues, so that the operator sees all of them at once. Not thread-safe.
final class ConfigDiagnosticCollector {
    private final List<ConfigDiagnostic> found = new ArrayList<>();

    void addFault(SourceLocation mark, String message) {
        found.add(ConfigDiagnostic.ofFault(mark, message));
    }

    void addWarning(SourceLocation mark, String message) {
        found.add(ConfigDiagnostic.ofWarning(mark, message));
    }

    boolean fatal() {
        return found.stream().anyMatch(fault -> !fault.warning());
    }

    /// Returns the findings in the order of the file; findings at the same location keep their order.
    List<ConfigDiagnostic> all() {
        return found.stream()
                .distinct()
                .sorted(Comparator.comparing(ConfigDiagnostic::file)
                        .thenComparingInt(ConfigDiagnostic::line)
                        .thenComparingInt(ConfigDiagnostic::column))
                .toList();
    }
}

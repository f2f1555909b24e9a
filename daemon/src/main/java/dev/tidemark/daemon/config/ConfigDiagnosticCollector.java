package dev.tidemark.daemon.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects what is wrong while reading goes on, so that a person hears of everything at once.
final class ConfigDiagnosticCollector {
    private final List<ConfigDiagnostic> found = new ArrayList<>();

    void mistake(SourceLocation mark, String message) {
        found.add(ConfigDiagnostic.mistake(mark, message));
    }

    void risk(SourceLocation mark, String message) {
        found.add(ConfigDiagnostic.risk(mark, message));
    }

    boolean fatal() {
        return found.stream().anyMatch(fault -> !fault.warning());
    }

    /// In the order of the file, each place's own in the order found.
    List<ConfigDiagnostic> all() {
        return found.stream()
                .distinct()
                .sorted(Comparator.comparing(ConfigDiagnostic::file)
                        .thenComparingInt(ConfigDiagnostic::line)
                        .thenComparingInt(ConfigDiagnostic::column))
                .toList();
    }
}

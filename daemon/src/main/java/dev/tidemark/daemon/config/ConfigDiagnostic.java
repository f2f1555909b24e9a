package dev.tidemark.daemon.config;

/// Finding in the configuration: a fault, or with `warning` only a risk.
public record ConfigDiagnostic(String file, int line, int column, String message, boolean warning) {
    public static ConfigDiagnostic ofFault(SourceLocation mark, String message) {
        return new ConfigDiagnostic(mark.file(), mark.line(), mark.column(), message, false);
    }

    static ConfigDiagnostic ofWarning(SourceLocation mark, String message) {
        return new ConfigDiagnostic(mark.file(), mark.line(), mark.column(), message, true);
    }

    /// Formats the finding on one line: `file:line:column: fault, remedy`.
    public String text() {
        return file + ":" + line + ":" + column + ": " + (warning ? "warning: " : "") + message;
    }
}

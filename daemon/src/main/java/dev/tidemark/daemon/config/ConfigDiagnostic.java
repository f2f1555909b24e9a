package dev.tidemark.daemon.config;

/// Something in the configuration that a person should change: a mistake, or with `warning` only a risk.
public record ConfigDiagnostic(String file, int line, int column, String message, boolean warning) {
    public static ConfigDiagnostic mistake(SourceLocation mark, String message) {
        return new ConfigDiagnostic(mark.file(), mark.line(), mark.column(), message, false);
    }

    static ConfigDiagnostic risk(SourceLocation mark, String message) {
        return new ConfigDiagnostic(mark.file(), mark.line(), mark.column(), message, true);
    }

    /// One line: `file:line:column: what is wrong, what would be right`.
    public String text() {
        return file + ":" + line + ":" + column + ": " + (warning ? "warning: " : "") + message;
    }
}

package dev.tidemark.daemon;

/// Something in the configuration that a person should change: a mistake, or with `warning` only a risk.
public record Fault(String file, int line, int column, String message, boolean warning) {
    static Fault mistake(Mark mark, String message) {
        return new Fault(mark.file(), mark.line(), mark.column(), message, false);
    }

    static Fault risk(Mark mark, String message) {
        return new Fault(mark.file(), mark.line(), mark.column(), message, true);
    }

    /// One line: `file:line:column: what is wrong, what would be right`.
    public String text() {
        return file + ":" + line + ":" + column + ": " + (warning ? "warning: " : "") + message;
    }
}

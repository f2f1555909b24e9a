package dev.tidemark.daemon.config;

/// A place in a file of the configuration; line and column count from 1.
public record SourceLocation(String file, int line, int column) {
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }
}

package dev.tidemark.benchmarks.server;

import java.util.Locale;

/// Compared servers; each runs in a separate process.
public enum ComparedServer {
    BARE("a", "bare Jetty handler, keeps nothing"),
    TIDEMARK("b", "Tidemark, forced to disk"),
    CXF("c", "JAX-WS and JAXB on CXF, keeps nothing"),
    EXCHANGELIB("d", "exchangelib behind Python's HTTP server"),
    FLOOR("e", "durable floor: raw body forced to a file"),
    DAEMON("f", "the daemon itself, forced to disk"),
    NATIVE("g", "native floor in C: raw body forced to a file"),
    POSTGRES("h", "Tidemark on PostgreSQL, forced to disk"),
    POSTGRES_FLOOR("i", "bare loop on PostgreSQL: a row inserted and committed");

    private final String letter;
    private final String text;

    ComparedServer(String letter, String text) {
        this.letter = letter;
        this.text = text;
    }

    public String letter() {
        return letter;
    }

    String text() {
        return text;
    }

    /// Returns the name that a process gets as its argument.
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

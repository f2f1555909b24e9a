package dev.tidemark.benchmarks.server;

/// Connections that carry the notifications.
public enum ConnectionMode {
    KEPT("kept connections"),
    NEW("a new connection each"),
    NEW_TLS("a new TLS connection each");

    private final String text;

    ConnectionMode(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }
}

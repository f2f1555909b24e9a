package dev.tidemark.benchmarks;

/// How a notification reaches its server.
enum ConnectionMode {
    KEPT("kept connections"),
    NEW("a new connection each"),
    NEW_TLS("a new TLS connection each");

    private final String text;

    ConnectionMode(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}

package dev.tidemark.simulator;

/// Signals that a request was processed but its response must be lost.
final class ConnectionLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ConnectionLostException() {
        super("the answer is not sent");
    }
}

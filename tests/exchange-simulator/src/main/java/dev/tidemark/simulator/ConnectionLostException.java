package dev.tidemark.simulator;

/// A request was carried out, and its answer is not to arrive.
final class ConnectionLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ConnectionLostException() {
        super("the answer is not sent");
    }
}

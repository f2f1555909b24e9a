package dev.tidemark.simulator.mailbox;

/// The simulator was asked for something that it cannot do.
public final class SimulatorException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SimulatorException(String message) {
        super(message);
    }

    public SimulatorException(String message, Throwable cause) {
        super(message, cause);
    }
}

package dev.tidemark.simulator.mailbox;

/// Reports a call that the simulator cannot serve.
public final class SimulatorException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SimulatorException(String message) {
        super(message);
    }

    public SimulatorException(String message, Throwable cause) {
        super(message, cause);
    }
}

package dev.tidemark.daemon;

/// Thrown if a stop was requested before the daemon received or sent anything. Everything opened is closed.
public final class StartAbortedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartAbortedException() {
        super("The daemon received a stop request during the start.");
    }
}

package dev.tidemark.daemon;

/// The daemon was told to stop before it had taken or sent anything; what was open is closed.
final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
        super("The daemon was told to stop while it started.");
    }
}

package dev.tidemark.daemon;

/// The daemon was told to stop before it had taken or sent anything; what was open is closed.
final class StartAbortedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartAbortedException() {
        super("The daemon was told to stop while it started.");
    }
}

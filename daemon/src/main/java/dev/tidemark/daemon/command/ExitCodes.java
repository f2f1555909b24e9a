package dev.tidemark.daemon.command;

/// Exit codes of the command line, for scripts.
final class ExitCodes {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int INVALID_CONFIGURATION = 3;
    static final int UNREACHABLE = 4;
    static final int PARTIAL = 5;

    private ExitCodes() {}
}

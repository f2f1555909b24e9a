package dev.tidemark.daemon.command;

import dev.tidemark.store.transfer.CopyProgress;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;

/// Shows on a terminal how many rows a copy has reached. Not thread-safe.
final class TransferProgress implements CopyProgress {
    private final PrintWriter out;
    private final boolean isTerminal;

    TransferProgress(PrintWriter out) {
        this.out = out;
        this.isTerminal = Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .isPresent();
    }

    @Override
    public void copied(long rows) {
        if (isTerminal) {
            out.print("\r" + rows + " rows");
            out.flush();
        }
    }

    void end() {
        if (isTerminal) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }
}

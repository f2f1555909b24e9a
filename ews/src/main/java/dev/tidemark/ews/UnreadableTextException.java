package dev.tidemark.ews;

import java.io.IOException;

/// Reports a file that is no text in an encoding that can be recognized. The message names encoding and remedy, not the
/// file.
public final class UnreadableTextException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int line;

    UnreadableTextException(int line, String message) {
        super(message);
        this.line = line;
    }

    /// Returns the number of the first line that cannot be read, from 1.
    public int line() {
        return line;
    }
}

package dev.tidemark.ews.config;

import java.io.IOException;

/// Reports a file that is not text in a recognized encoding. The message names encoding and remedy, not the
/// file.
public final class UnreadableTextException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final String sentence;

    UnreadableTextException(int line, String sentence) {
        super(sentence);
        this.line = line;
        this.sentence = sentence;
    }

    /// Returns cause and remedy, without the file.
    public String sentence() {
        return sentence;
    }

    /// Returns the number of the first line that cannot be read, from 1.
    public int line() {
        return line;
    }
}

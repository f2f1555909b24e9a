package dev.tidemark.daemon.config;

/// A text that is not the value it should be; the message says what is wrong and what would be right, on one
/// line even where the text came from a file with many.
public final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    public BadValueException(String sentence) {
        var line = sentence.replaceAll("\\p{Cntrl}+", " ");
        super(line);
        this.sentence = line;
    }

    public String sentence() {
        return sentence;
    }
}

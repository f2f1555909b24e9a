package dev.tidemark.daemon.config;

/// Thrown for an invalid value. The message states the fault and the remedy on one line, even if the value has
/// several lines.
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

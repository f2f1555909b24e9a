package dev.tidemark.daemon;

/// A text that is not the value it should be; the message says what is wrong and what would be right, on one
/// line even where the text came from a file with many.
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    BadValueException(String sentence) {
        var line = sentence.replaceAll("\\p{Cntrl}+", " ");
        super(line);
        this.sentence = line;
    }

    String sentence() {
        return sentence;
    }
}

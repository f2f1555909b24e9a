package dev.tidemark.daemon;

/// A text that is not the value it should be; the message says what is wrong and what would be right.
final class BadValueException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    BadValueException(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }
}

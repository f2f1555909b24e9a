package dev.tidemark.values;

/// Joins texts of other sources into sentences for operators. Has no state.
public final class ReadableText {
    private ReadableText() {}

    /// Returns the text without blanks around it and without its final period, so that a sentence can continue.
    public static String clause(String text) {
        var stripped = text.strip();
        return stripped.endsWith(".") ? stripped.substring(0, stripped.length() - 1) : stripped;
    }
}

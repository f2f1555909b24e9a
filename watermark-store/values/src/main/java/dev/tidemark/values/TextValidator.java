package dev.tidemark.values;

import java.util.regex.Pattern;

/// Checks the texts of the value types of this module. Has no state.
public final class TextValidator {
    /// Limit of a bookmark in characters. Real ones have some 130; one is kept for every mailbox, and sent
    /// back.
    private static final int MAX_BOOKMARK_LENGTH = 2048;

    /// Limit of a sentence in characters, longer than any full sentence. Sentences appear in logs, states and
    /// events.
    private static final int MAX_SENTENCE_LENGTH = 500;

    private static final Pattern SPACING = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028\\u2029\\s]+");

    private TextValidator() {}

    /// Converts a server's sentence to one line. It may contain line breaks, and sequences that control a
    /// terminal.
    public static String oneLine(String text) {
        var line = SPACING.matcher(start(text, 2 * MAX_SENTENCE_LENGTH))
                .replaceAll(" ")
                .strip();
        return line.length() > MAX_SENTENCE_LENGTH ? start(line, MAX_SENTENCE_LENGTH) + "…" : line;
    }

    /// Returns the start of a text, at most `limit` characters. Never ends with half of a surrogate pair, which no
    /// encoding can hold.
    public static String start(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit);
    }

    /// Returns whether [#requireBookmark] accepts the value.
    public static boolean isBookmark(String value) {
        return !value.isBlank() && value.length() <= MAX_BOOKMARK_LENGTH;
    }

    /// Checks a token that is kept as long as its mailbox.
    public static void requireBookmark(String value, String what) {
        requireToken(value, what);
        if (value.length() > MAX_BOOKMARK_LENGTH) {
            throw new InvalidValueException(
                    "A " + what + " is longer than " + MAX_BOOKMARK_LENGTH + " characters; expected a short one.");
        }
    }

    public static void requireToken(String value, String what) {
        if (value.isBlank()) {
            throw new InvalidValueException("A " + what + " is empty; expected the text that Exchange sent.");
        }
    }
}

package dev.tidemark.store.change;

import dev.tidemark.store.StoreException;

/// Size limits of the tables' values. Any thread that creates a [Change] checks them, so that applying the change
/// cannot fail on a value that is too long.
public final class ChangeLimits {
    static final int NAME = 255;
    static final int CONNECTION = 256;
    static final int ADDRESS = 512;
    static final int TEXT = 1024;
    static final int URL = 2048;
    static final int MAILBOX_BODY = 64 * 1024;
    static final int BODY = 1024 * 1024;

    private static final int MAX_ERROR = 1000;

    private ChangeLimits() {}

    /// Returns the beginning of an error text, short enough to be stored. Exchange's error texts have no limit.
    public static String clipped(String text) {
        if (text.length() <= MAX_ERROR) {
            return text;
        }
        // half a surrogate pair would not survive UTF-8 encoding
        var isHalf = Character.isHighSurrogate(text.charAt(MAX_ERROR - 1));
        return text.substring(0, isHalf ? MAX_ERROR - 1 : MAX_ERROR);
    }

    /// Returns the text, unless it has more than `longest` characters.
    ///
    /// @param what name of the value in the error message
    /// @throws StoreException if the text is too long
    static String text(String value, int longest, String what) {
        require(value.length(), longest, "characters", what);
        return value;
    }

    /// Returns the bytes, unless there are more than `longest`.
    ///
    /// @throws StoreException if there are too many
    static byte[] bytes(byte[] value, int longest, String what) {
        require(value.length, longest, "bytes", what);
        return value;
    }

    private static void require(int length, int longest, String unit, String what) {
        if (length > longest) {
            throw new StoreException("The " + what + " has " + length + " " + unit + "; the store takes at most "
                    + longest + ", so it refuses this change.");
        }
    }
}

package dev.tidemark.store.change;

import dev.tidemark.store.StoreException;
import dev.tidemark.values.TextValidator;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

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

    /// PostgreSQL refuses longer keys.
    private static final int KEY_BYTES = 2048;

    private static final int MAX_ERROR = 1000;

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private ChangeLimits() {}

    /// Returns the beginning of an error text, short enough to be stored. Exchange's error texts have no limit.
    public static String clipped(String whole) {
        // PostgreSQL's texts cannot hold U+0000
        return TextValidator.start(whole.replace('\0', '\uFFFD'), MAX_ERROR);
    }

    /// Returns the time as exactly as every table keeps it: in microseconds, and in a year with four digits.
    static Instant stored(Instant exact) {
        if (exact.isBefore(EARLIEST)) {
            return EARLIEST;
        }
        return exact.isAfter(LATEST) ? LATEST : exact.truncatedTo(ChronoUnit.MICROS);
    }

    /// Returns the text, unless it has more than `longest` characters.
    ///
    /// @param what name of the value in the error message
    /// @throws StoreException if the text is too long
    static String text(String value, int longest, String what) {
        require(value.length(), longest, "characters", what);
        return value;
    }

    /// Returns the text of a key, unless it has more than `longest` characters or is too long for an index.
    static String key(String value, int longest, String what) {
        require(value.getBytes(StandardCharsets.UTF_8).length, KEY_BYTES, "bytes", what);
        return text(value, longest, what);
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

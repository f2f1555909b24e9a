package dev.tidemark.values;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/// Formats times for operators, in UTC and to the second. Used by log lines, messages, the command line and
/// lifecycle events of all modules.
public final class ReadableTime {
    private static final Pattern FRACTION = Pattern.compile("(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)\\.\\d+Z");

    private ReadableTime() {}

    /// Returns the time without its fraction of a second, such as `2026-11-01T09:15:02Z`.
    public static String of(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// Returns the text with every time in it cut to the second.
    public static String within(String text) {
        return FRACTION.matcher(text).replaceAll("$1Z");
    }
}

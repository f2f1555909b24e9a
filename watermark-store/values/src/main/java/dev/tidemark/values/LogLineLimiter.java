package dev.tidemark.values;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/// Limits log lines of one kind, so that thousands of mailboxes in the same situation do not fill the log. The caller
/// writes a line if it is admitted, and names the number of lines left out before it. Thread-safe.
public final class LogLineLimiter {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int LINES_PER_WINDOW = 10;

    private Instant windowEnd = Instant.MIN;
    private int lines;
    private long omitted;

    /// Returns the number of lines left out since the previous admitted one; empty if this line must be left out, too.
    public synchronized OptionalLong admit(Instant now) {
        if (!now.isBefore(windowEnd) || windowEnd.isAfter(now.plus(WINDOW))) {
            windowEnd = now.plus(WINDOW);
            lines = 0;
        }
        if (lines == LINES_PER_WINDOW) {
            omitted++;
            return OptionalLong.empty();
        }
        lines++;
        var before = omitted;
        omitted = 0;
        return OptionalLong.of(before);
    }

    /// Returns the end of a line that names the number of lines left out.
    public static String suffix(long omitted) {
        return omitted == 0 ? "" : " (and " + omitted + " more since the previous line; level debug has all)";
    }
}

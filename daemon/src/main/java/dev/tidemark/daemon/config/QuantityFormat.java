package dev.tidemark.daemon.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Parses and formats durations such as `30s` and sizes such as `64KiB`.
public final class QuantityFormat {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(B|KiB|MiB|GiB)?");
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Long> BYTES = Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    /// Limit of a duration, a hundred years. Longer ones may overflow in nanoseconds or when added to a date.
    private static final Duration MAX_DURATION = Duration.ofDays(36_500);

    private QuantityFormat() {}

    public static Duration duration(String text) throws BadValueException {
        var negative = text.startsWith("-");
        var matcher = DURATION.matcher(negative ? text.substring(1) : text);
        if (!matcher.matches()) {
            if (text.equals("0")) {
                return Duration.ZERO;
            }
            throw new BadValueException("'" + text + "' is not a duration; write a number and ms, s, m, h or d");
        }
        var amount =
                Duration.ofMillis(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit(MILLIS, matcher.group(2))));
        if (amount.compareTo(MAX_DURATION) > 0) {
            throw new BadValueException("'" + text + "' is too long; write at most " + format(MAX_DURATION));
        }
        return negative ? amount.negated() : amount;
    }

    /// Parses a size in bytes.
    static long size(String text) throws BadValueException {
        var matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new BadValueException("'" + text + "' is not a size; write a number and B, KiB, MiB or GiB");
        }
        var unit = matcher.group(2) == null ? "B" : matcher.group(2);
        return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit(BYTES, unit));
    }

    /// Formats a duration in the largest unit with a whole number. Uses days only for whole days from two on.
    static String format(Duration duration) {
        var millis = duration.toMillis();
        if (millis == 0) {
            return "0s";
        }
        return largest(
                millis, MILLIS, millis >= 2 * 86_400_000L ? List.of("d", "h", "m", "s") : List.of("h", "m", "s"), "ms");
    }

    static String format(long bytes) {
        return bytes == 0 ? "0B" : largest(bytes, BYTES, List.of("GiB", "MiB", "KiB"), "B");
    }

    private static String largest(long amount, Map<String, Long> units, List<String> descending, String smallest) {
        return descending.stream()
                .filter(unit -> amount % unit(units, unit) == 0)
                .findFirst()
                .map(unit -> amount / unit(units, unit) + unit)
                .orElse(amount + smallest);
    }

    private static long unit(Map<String, Long> units, String name) {
        return units.getOrDefault(name, 1L);
    }
}

package dev.tidemark.simulator.fault;

import dev.tidemark.simulator.mailbox.SimulatorException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;

/// Reads the values of faults.
public final class FaultValues {
    private static final Pattern LENGTH = Pattern.compile("([-+]?)(\\d{1,9})(ms|s|m|h|d)");

    private FaultValues() {}

    /// Returns the offset that [SimulatorFault#CLOCK_OFFSET] needs.
    static Duration clockOffset(FaultScope scope) {
        return duration(scope.value()
                .orElseThrow(() -> new SimulatorException("The fault clock-offset needs a value, such as value=-3h.")));
    }

    /// Parses a duration, such as `150ms`, `-3h` or `PT-3H`.
    public static Duration duration(String text) {
        var matcher = LENGTH.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return iso(text);
        }
        var amount = Long.parseLong(matcher.group(1) + matcher.group(2));
        return switch (matcher.group(3)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private static Duration iso(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new SimulatorException(
                    "'" + text + "' is no length of time; write it as 150ms, 2s, 5m, -3h or 1d.", e);
        }
    }

    /// Parses a number of milliseconds, of any size.
    public static Duration milliseconds(String text) {
        try {
            return Duration.ofMillis(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new SimulatorException("'" + text + "' is not a number of milliseconds.", e);
        }
    }

    public static int integer(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new SimulatorException("'" + text + "' is not a number.", e);
        }
    }
}

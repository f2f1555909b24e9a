package dev.tidemark.daemon.config;

import dev.tidemark.compensator.PollDelay;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Converts a text of the configuration to a `T` and back.
record ValueConverter<T>(Parser<T> parser, Function<T, String> show) {
    interface Parser<T> {
        T parse(String text) throws BadValueException;
    }

    private static final int MAX_PERCENT = 100;

    static final ValueConverter<String> TEXT = new ValueConverter<>(text -> text, text -> text);
    static final ValueConverter<Boolean> BOOLEAN = new ValueConverter<>(ValueConverter::parseBoolean, String::valueOf);
    static final ValueConverter<Long> SIZE = new ValueConverter<>(QuantityFormat::size, QuantityFormat::format);
    static final ValueConverter<URI> WEB_ADDRESS = new ValueConverter<>(WebAddress::parse, URI::toString);
    static final ValueConverter<String> NAME = new ValueConverter<>(ValueConverter::name, text -> text);

    /// Any duration above zero.
    static final ValueConverter<Duration> DURATION =
            new ValueConverter<>(text -> atLeast(text, Duration.ofMillis(1)), QuantityFormat::format);

    /// Duration of zero or more.
    static final ValueConverter<Duration> DURATION_OR_ZERO =
            new ValueConverter<>(text -> atLeast(text, Duration.ZERO), QuantityFormat::format);

    /// Percentage of the status frequency, or a duration.
    static final ValueConverter<PollDelay.ConfiguredDelay> POLL_DELAY =
            new ValueConverter<>(ValueConverter::pollDelay, ValueConverter::show);

    /// Duration; a negative one means never.
    static final ValueConverter<Duration> MIN_POLL_DELAY = new ValueConverter<>(
            text -> text.matches("-\\d.*") ? Duration.ofSeconds(-1) : atLeast(text, Duration.ZERO),
            min -> min.isNegative() ? "-1" : QuantityFormat.format(min));

    /// Lifetime of a stream: whole minutes, 1 to 30.
    static final ValueConverter<Duration> STREAM_MINUTES =
            new ValueConverter<>(ValueConverter::streamMinutes, QuantityFormat::format);

    T parse(String text) throws BadValueException {
        return parser.parse(text);
    }

    static ValueConverter<Integer> wholeNumber(int min, int max) {
        return new ValueConverter<>(text -> wholeNumber(text, min, max), String::valueOf);
    }

    static ValueConverter<Double> decimal(double min, double max) {
        return new ValueConverter<>(text -> decimal(text, min, max), String::valueOf);
    }

    static ValueConverter<Duration> durationBetween(Duration min, Duration max) {
        return new ValueConverter<>(
                text -> {
                    var value = QuantityFormat.duration(text);
                    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                        throw new BadValueException("'" + text + "' is out of range; write "
                                + QuantityFormat.format(min) + " to " + QuantityFormat.format(max));
                    }
                    return value;
                },
                QuantityFormat::format);
    }

    static ValueConverter<String> oneOf(String... choices) {
        return oneOf(Arrays.asList(choices));
    }

    static ValueConverter<String> oneOf(List<String> choices) {
        return new ValueConverter<>(
                text -> {
                    if (!choices.contains(text)) {
                        throw new BadValueException("'" + text + "' is not known; write "
                                + (choices.size() > 8
                                        ? NameSuggester.nearest(text, choices).orElse("another") + ", if that is meant"
                                        : "one of " + String.join(", ", choices)));
                    }
                    return text;
                },
                text -> text);
    }

    private static PollDelay.ConfiguredDelay pollDelay(String text) throws BadValueException {
        if (text.endsWith("%")) {
            return new PollDelay.ConfiguredDelay.Percent(percent(text));
        }
        return new PollDelay.ConfiguredDelay.Fixed(atLeast(text, Duration.ofSeconds(1)));
    }

    private static int percent(String text) throws BadValueException {
        try {
            return wholeNumber(text.substring(0, text.length() - 1).strip(), 1, MAX_PERCENT);
        } catch (BadValueException wrong) {
            throw new BadValueException(
                    "'" + text + "' is not a percentage of the status frequency; write 1% to 100%, or a duration");
        }
    }

    private static Duration streamMinutes(String text) throws BadValueException {
        var value = QuantityFormat.duration(text);
        if (value.toMinutes() < 1 || value.toMinutes() > 30 || !value.equals(Duration.ofMinutes(value.toMinutes()))) {
            throw new BadValueException("'" + text + "' is not possible; write whole minutes, 1m to 30m");
        }
        return value;
    }

    private static String show(PollDelay.ConfiguredDelay delay) {
        return switch (delay) {
            case PollDelay.ConfiguredDelay.Percent percent -> percent.hundredths() + "%";
            case PollDelay.ConfiguredDelay.Fixed fixed -> QuantityFormat.format(fixed.length());
        };
    }

    private static boolean parseBoolean(String text) throws BadValueException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadValueException("'" + text + "' is neither true nor false; write one of them");
        };
    }

    private static int wholeNumber(String text, int min, int max) throws BadValueException {
        try {
            var value = Integer.parseInt(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw new BadValueException("'" + text + "' is not a whole number; write " + min + " to " + max);
        }
        throw new BadValueException("'" + text + "' is out of range; write " + min + " to " + max);
    }

    private static double decimal(String text, double min, double max) throws BadValueException {
        try {
            var value = Double.parseDouble(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw new BadValueException("'" + text + "' is not a number; write " + min + " to " + max);
        }
        throw new BadValueException("'" + text + "' is out of range; write " + min + " to " + max);
    }

    private static Duration atLeast(String text, Duration min) throws BadValueException {
        var value = QuantityFormat.duration(text);
        if (value.compareTo(min) < 0) {
            throw new BadValueException("'" + text + "' is too short; write "
                    + (min.toMillis() == 1 ? "more than 0s" : "at least " + QuantityFormat.format(min)));
        }
        return value;
    }

    private static String name(String text) throws BadValueException {
        if (!text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new BadValueException(
                    "'" + text + "' is not a name; write up to 64 letters, digits, '.', '_' or '-'");
        }
        return text;
    }
}

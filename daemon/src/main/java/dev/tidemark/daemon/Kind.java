package dev.tidemark.daemon;

import dev.tidemark.compensator.PollDelay;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// How the text of a value becomes a `T`, and back.
record Kind<T>(Parser<T> parser, Function<T, String> show) {
    interface Parser<T> {
        T parse(String text) throws BadValueException;
    }

    private static final int WHOLE = 100;

    static final Kind<String> TEXT = new Kind<>(text -> text, text -> text);
    static final Kind<Boolean> SWITCH = new Kind<>(Kind::onOff, String::valueOf);
    static final Kind<Long> SIZE = new Kind<>(Amounts::size, Amounts::show);
    static final Kind<URI> WEB_ADDRESS = new Kind<>(WebAddress::parse, URI::toString);
    static final Kind<String> NAME = new Kind<>(Kind::name, text -> text);

    /// Any duration above zero.
    static final Kind<Duration> DURATION = new Kind<>(text -> atLeast(text, Duration.ofMillis(1)), Amounts::show);

    /// A duration that may be nothing.
    static final Kind<Duration> PAUSE = new Kind<>(text -> atLeast(text, Duration.ZERO), Amounts::show);

    /// So many percent of the status frequency, or a duration.
    static final Kind<PollDelay.Wish> POLL_DELAY = new Kind<>(Kind::pollDelay, Kind::show);

    /// A duration; a negative one means never.
    static final Kind<Duration> LEAST_POLL_DELAY = new Kind<>(
            text -> text.matches("-\\d.*") ? Duration.ofSeconds(-1) : atLeast(text, Duration.ZERO),
            least -> least.isNegative() ? "-1" : Amounts.show(least));

    /// How long a stream may last: whole minutes, 1 to 30.
    static final Kind<Duration> STREAM_MINUTES = new Kind<>(Kind::streamMinutes, Amounts::show);

    T parse(String text) throws BadValueException {
        return parser.parse(text);
    }

    static Kind<Integer> whole(int least, int most) {
        return new Kind<>(text -> whole(text, least, most), String::valueOf);
    }

    static Kind<Double> decimal(double least, double most) {
        return new Kind<>(text -> decimal(text, least, most), String::valueOf);
    }

    static Kind<Duration> durationBetween(Duration least, Duration most) {
        return new Kind<>(
                text -> {
                    var value = Amounts.duration(text);
                    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                        throw new BadValueException("'" + text + "' is out of range; write " + Amounts.show(least)
                                + " to " + Amounts.show(most));
                    }
                    return value;
                },
                Amounts::show);
    }

    static Kind<String> oneOf(String... choices) {
        return oneOf(Arrays.asList(choices));
    }

    static Kind<String> oneOf(List<String> choices) {
        return new Kind<>(
                text -> {
                    if (!choices.contains(text)) {
                        throw new BadValueException("'" + text + "' is not known; write "
                                + (choices.size() > 8
                                        ? Nearest.to(text, choices).orElse("another") + ", if that is meant"
                                        : "one of " + String.join(", ", choices)));
                    }
                    return text;
                },
                text -> text);
    }

    private static PollDelay.Wish pollDelay(String text) throws BadValueException {
        if (text.endsWith("%")) {
            return new PollDelay.Wish.Percent(percent(text));
        }
        return new PollDelay.Wish.Fixed(atLeast(text, Duration.ofSeconds(1)));
    }

    private static int percent(String text) throws BadValueException {
        try {
            return whole(text.substring(0, text.length() - 1).strip(), 1, WHOLE);
        } catch (BadValueException wrong) {
            throw new BadValueException(
                    "'" + text + "' is no share of the status frequency; write 1% to 100%, or a duration");
        }
    }

    private static Duration streamMinutes(String text) throws BadValueException {
        var value = Amounts.duration(text);
        if (value.toMinutes() < 1 || value.toMinutes() > 30 || !value.equals(Duration.ofMinutes(value.toMinutes()))) {
            throw new BadValueException("'" + text + "' is not possible; write whole minutes, 1m to 30m");
        }
        return value;
    }

    private static String show(PollDelay.Wish delay) {
        return switch (delay) {
            case PollDelay.Wish.Percent percent -> percent.hundredths() + "%";
            case PollDelay.Wish.Fixed fixed -> Amounts.show(fixed.length());
        };
    }

    private static boolean onOff(String text) throws BadValueException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadValueException("'" + text + "' is neither true nor false; write one of them");
        };
    }

    private static int whole(String text, int least, int most) throws BadValueException {
        try {
            var value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw new BadValueException("'" + text + "' is not a whole number; write " + least + " to " + most);
        }
        throw new BadValueException("'" + text + "' is out of range; write " + least + " to " + most);
    }

    private static double decimal(String text, double least, double most) throws BadValueException {
        try {
            var value = Double.parseDouble(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw new BadValueException("'" + text + "' is not a number; write " + least + " to " + most);
        }
        throw new BadValueException("'" + text + "' is out of range; write " + least + " to " + most);
    }

    private static Duration atLeast(String text, Duration least) throws BadValueException {
        var value = Amounts.duration(text);
        if (value.compareTo(least) < 0) {
            throw new BadValueException("'" + text + "' is too short; write "
                    + (least.toMillis() == 1 ? "more than 0s" : "at least " + Amounts.show(least)));
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

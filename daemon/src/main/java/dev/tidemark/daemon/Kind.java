package dev.tidemark.daemon;

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

    static final Kind<String> TEXT = new Kind<>(text -> text, text -> text);
    static final Kind<Boolean> SWITCH = new Kind<>(Kind::onOff, String::valueOf);
    static final Kind<Long> SIZE = new Kind<>(Amounts::size, Amounts::show);
    static final Kind<URI> WEB_ADDRESS = new Kind<>(Kind::webAddress, URI::toString);
    static final Kind<String> NAME = new Kind<>(Kind::name, text -> text);

    /// Any duration above zero.
    static final Kind<Duration> DURATION = new Kind<>(text -> atLeast(text, Duration.ofMillis(1)), Amounts::show);

    /// A duration that may be nothing.
    static final Kind<Duration> PAUSE = new Kind<>(text -> atLeast(text, Duration.ZERO), Amounts::show);

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
            throw new BadValueException("'" + text + "' is too short; write at least " + Amounts.show(least));
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

    private static URI webAddress(String text) throws BadValueException {
        try {
            var uri = URI.create(text.strip());
            var http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (http && uri.getHost() != null && uri.getUserInfo() == null && uri.getFragment() == null) {
                return uri;
            }
        } catch (IllegalArgumentException notAnAddress) {
            throw new BadValueException("'" + text + "' is not an address; write https://host/path");
        }
        throw new BadValueException("this is not a web address; write https://host/path, without user and #");
    }
}

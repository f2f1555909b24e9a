package dev.tidemark.daemon.admin;

import dev.tidemark.daemon.config.BadValueException;
import dev.tidemark.daemon.config.QuantityFormat;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/// Parses timestamps of operators: an ISO 8601 instant, or a duration before now.
final class InstantParser {
    private static final String DURATION = "-?\\d+[a-z]+";

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private InstantParser() {}

    /// Parses a timestamp. Returns empty if the text has a different form.
    static Optional<Instant> parse(String text, Clock clock) throws BadValueException {
        if (text.matches(DURATION)) {
            return Optional.of(
                    clock.instant().minus(QuantityFormat.duration(text).abs()));
        }
        try {
            return Optional.of(Instant.parse(text)).filter(InstantParser::isInCalendar);
        } catch (DateTimeException noMoment) {
            return Optional.empty();
        }
    }

    /// Returns whether the time lies in the years 1 to 9999; arithmetic beyond them may overflow.
    private static boolean isInCalendar(Instant moment) {
        return !moment.isBefore(EARLIEST) && moment.isBefore(END);
    }
}

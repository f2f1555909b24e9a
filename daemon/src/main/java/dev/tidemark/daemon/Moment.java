package dev.tidemark.daemon;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/// Moments as people give them: in full, or as a duration that goes back from now.
final class Moment {
    private static final String DURATION = "-?\\d+[a-z]+";

    private Moment() {}

    /// None if it is not meant for one.
    static Optional<Instant> parse(String text, Clock clock) throws BadValueException {
        if (text.matches(DURATION)) {
            return Optional.of(clock.instant().minus(Amounts.duration(text).abs()));
        }
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException noMoment) {
            return Optional.empty();
        }
    }
}

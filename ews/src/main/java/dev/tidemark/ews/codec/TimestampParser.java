package dev.tidemark.ews.codec;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// Reads xs:dateTime as Exchange writes it. Has no state.
final class TimestampParser {
    private static final String COMMON_FORM = "2026-03-01T10:20:30Z";

    /// Bounds of the years that every format and database downstream can hold.
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    private TimestampParser() {}

    /// Returns the instant that `text` names, in UTC if it has no zone. Empty if it is no time of the years 1
    /// to 9999.
    static Optional<Instant> parse(String text) {
        try {
            return Optional.of(hasCommonForm(text) ? parseCommonForm(text) : parseGeneralForm(text))
                    .filter(time -> !time.isBefore(FIRST) && time.isBefore(END));
        } catch (DateTimeException | NumberFormatException expected) {
            return Optional.empty();
        }
    }

    private static boolean hasCommonForm(String text) {
        return text.length() == COMMON_FORM.length() && text.charAt(10) == 'T' && text.endsWith("Z");
    }

    /// Parses the form that every event has. The general parser would take a tenth of the time for a whole
    /// callback.
    private static Instant parseCommonForm(String text) {
        return LocalDateTime.of(
                        Integer.parseInt(text, 0, 4, 10),
                        Integer.parseInt(text, 5, 7, 10),
                        Integer.parseInt(text, 8, 10, 10),
                        Integer.parseInt(text, 11, 13, 10),
                        Integer.parseInt(text, 14, 16, 10),
                        Integer.parseInt(text, 17, 19, 10))
                .toInstant(ZoneOffset.UTC);
    }

    private static Instant parseGeneralForm(String text) {
        var time = DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
        return switch (time) {
            case OffsetDateTime offset -> offset.toInstant();
            case LocalDateTime local -> local.toInstant(ZoneOffset.UTC);
            default -> throw new DateTimeException("neither with a zone nor without");
        };
    }
}

package dev.tidemark.ews;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// Reads xs:dateTime as Exchange writes it.
final class Timestamps {
    private Timestamps() {}

    /// The moment that `text` names, in UTC where it names no zone; empty where it is no time. A time that
    /// cannot be read is no reason to lose what happened then.
    static Optional<Instant> parse(String text) {
        try {
            var time = DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            return Optional.of(
                    switch (time) {
                        case OffsetDateTime offset -> offset.toInstant();
                        case LocalDateTime local -> local.toInstant(ZoneOffset.UTC);
                        default -> throw new DateTimeException("neither with a zone nor without");
                    });
        } catch (DateTimeException expected) {
            return Optional.empty();
        }
    }
}

package dev.tidemark.forwarder;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads `Retry-After` (RFC 9110, section 10.2.3): seconds or a date.
final class RetryAfter {
    private static final Duration MOST = Duration.ofHours(24);
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private RetryAfter() {}

    /// The moment it names, at most a day ahead; empty where it says nothing readable, or a date that has passed:
    /// a receiver whose clock is wrong would be asked again at once, for ever.
    static Optional<Instant> parse(String text, Instant now) {
        var latest = now.plus(MOST);
        return read(text.strip(), now)
                .filter(moment -> !moment.isBefore(now))
                .map(moment -> moment.isAfter(latest) ? latest : moment);
    }

    private static Optional<Instant> read(String text, Instant now) {
        if (SECONDS.matcher(text).matches()) {
            return Optional.of(now.plusSeconds(Long.parseLong(text)));
        }
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException unreadable) {
            // a receiver's nonsense is as good as no header
            return Optional.empty();
        }
    }
}

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

    /// The moment it names, at most a day ahead and never before `now`; empty where it says nothing readable.
    static Optional<Instant> parse(String text, Instant now) {
        return read(text.strip(), now).map(moment -> {
            var latest = now.plus(MOST);
            if (moment.isAfter(latest)) {
                return latest;
            }
            return moment.isBefore(now) ? now : moment;
        });
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

package dev.tidemark.http;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Delay that the peer requests: `Retry-After`, `BackOffMilliseconds`, `expires_in`.
///
/// Its length is never negative and at most [#MAX], so that no date, deadline or timer computed from it
/// overflows. The limit is far above every delay that is obeyed, so the caller still recognizes an excessive
/// delay.
///
/// @param length raised to zero and lowered to [#MAX]
public record RequestedDelay(Duration length) {
    public static final Duration MAX = Duration.ofDays(366);

    private static final BigDecimal MAX_MILLIS = BigDecimal.valueOf(MAX.toMillis());
    private static final BigDecimal MILLIS_A_SECOND = BigDecimal.valueOf(1000);

    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    /// Seconds as rate limiters write them, although HTTP allows no fraction.
    private static final Pattern SECONDS = Pattern.compile("[0-9]+(\\.[0-9]*)?");

    /// Limit of digits; any longer number is [#MAX].
    private static final int MAX_TEXT = 4096;

    /// The three forms of a date in HTTP (RFC 9110, section 5.6.7): of RFC 1123, of RFC 850, of asctime.
    private static final List<DateTimeFormatter> DATES = List.of(
            DateTimeFormatter.RFC_1123_DATE_TIME,
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC));

    public RequestedDelay {
        if (length.isNegative()) {
            length = Duration.ZERO;
        } else if (length.compareTo(MAX) > 0) {
            length = MAX;
        }
    }

    /// Reads `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.
    ///
    /// @param now time to compare a date with
    /// @return empty if the text is neither, or a date that has passed
    public static Optional<RequestedDelay> ofRetryAfter(String text, Instant now) {
        var plain = text.strip();
        return SECONDS.matcher(plain).matches()
                ? ofSeconds(plain)
                : date(plain)
                        .filter(date -> !date.isBefore(now))
                        .map(date -> new RequestedDelay(Duration.between(now, date)));
    }

    /// Reads a number of seconds with an optional fraction, as JSON writes it (RFC 6749, section 5.1).
    ///
    /// @return empty if the text is no number, or a negative one
    public static Optional<RequestedDelay> ofSeconds(String text) {
        return number(text).map(seconds -> of(seconds.multiply(MILLIS_A_SECOND)));
    }

    /// Reads a number of milliseconds.
    ///
    /// @return empty if the text is no number, or a negative one
    public static Optional<RequestedDelay> ofMillis(String text) {
        return number(text).map(RequestedDelay::of);
    }

    /// Reads a date of HTTP.
    public static Optional<Instant> date(String text) {
        return DATES.stream()
                .flatMap(format -> date(text.strip(), format).stream())
                .findFirst();
    }

    private static Optional<Instant> date(String text, DateTimeFormatter format) {
        try {
            return Optional.of(Instant.from(format.parse(text)));
        } catch (DateTimeException otherForm) {
            return Optional.empty();
        }
    }

    private static RequestedDelay of(BigDecimal millis) {
        return new RequestedDelay(millis.compareTo(MAX_MILLIS) >= 0 ? MAX : Duration.ofMillis(millis.longValue()));
    }

    private static Optional<BigDecimal> number(String text) {
        var plain = text.strip();
        if (plain.length() > MAX_TEXT) {
            return DIGITS.matcher(plain).matches() ? Optional.of(MAX_MILLIS) : Optional.empty();
        }
        try {
            return Optional.of(new BigDecimal(plain)).filter(number -> number.signum() >= 0);
        } catch (NumberFormatException noNumber) {
            return Optional.empty();
        }
    }
}

package dev.tidemark.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/// Decides when connections end, and the time in responses. Spares control paths. Thread-safe.
final class ConnectionLife {
    /// RFC 9110, section 5.6.7: IMF-fixdate, with two digits for the day.
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final RequestFaults faults;
    private final Clock clock;

    ConnectionLife(RequestFaults faults, Clock clock) {
        this.faults = faults;
        this.clock = clock;
    }

    /// Decides whether the connection breaks under this request.
    ///
    /// @param kept true if the connection has served a request before
    boolean breaks(String path, boolean kept) {
        return kept && isExchange(path) && faults.breaksKeptConnection();
    }

    /// Returns the time after which the connection is closed if no other request comes.
    Optional<Duration> idleLimit(String path) {
        return isExchange(path) ? faults.idleLimit() : Optional.empty();
    }

    /// Returns the value of the Date header.
    String date() {
        return DATE.format(clock.instant());
    }

    private static boolean isExchange(String path) {
        return !path.startsWith("/simulator/");
    }
}

package dev.tidemark.subscriber;

import dev.tidemark.ews.EwsError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether an Exchange organisation can be used at all, and the news when that changes. A refusal that only
/// a person can mend says so at once; a way that leads nowhere does after a while without any answer, because
/// a lone time-out is no news. Safe for use by many threads.
final class Availability {
    private static final Logger log = LoggerFactory.getLogger(Availability.class);

    /// Restarts of a load balancer and fail-overs of a database are over by then.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String connection;
    private final News news;
    private final Clock clock;
    private Optional<Instant> troubleSince = Optional.empty();
    private Optional<EwsError> cause = Optional.empty();
    private Instant since;

    /// Who is told of lifecycle events of the instance. Where that fails, it is told again at the next occasion.
    interface News {
        void of(String type, Map<String, Object> fields);
    }

    Availability(String connection, News news, Clock clock) {
        this.connection = connection;
        this.news = news;
        this.clock = clock;
        this.since = clock.instant();
    }

    /// Returns the state, with the end of the back-off, if there is one now.
    synchronized ConnectionStatus status(Optional<Instant> backoffUntil) {
        return new ConnectionStatus(
                connection,
                cause.isPresent() ? ConnectionStatus.State.UNAVAILABLE : ConnectionStatus.State.AVAILABLE,
                since,
                cause.map(Mends::cause),
                cause.flatMap(Mends::remedy),
                backoffUntil);
    }

    /// Exchange has answered, whatever it said.
    synchronized void answered() {
        troubleSince = Optional.empty();
        if (cause.isPresent()) {
            tell("connection.available", "Exchange answers again.");
            change(Optional.empty());
            log.info("Connection {} can be used again", connection);
        }
    }

    synchronized void refused(EwsError error) {
        if (error instanceof EwsError.PermanentForConnection) {
            unavailable(error);
        } else if (Signs.isNoAnswer(error)) {
            var now = clock.instant();
            var since = troubleSince.filter(start -> !start.isAfter(now)).orElse(now);
            troubleSince = Optional.of(since);
            if (!now.isBefore(since.plus(PATIENCE))) {
                unavailable(error);
            }
        } else if (!Signs.isOurDoing(error)) {
            answered();
        }
    }

    private void unavailable(EwsError error) {
        if (cause.isEmpty()) {
            tell("connection.unavailable", error.code() + ": " + error.text());
            change(Optional.of(error));
            log.warn("Connection {} cannot be used: {} {}", connection, error.code(), error.text());
        }
    }

    private void change(Optional<EwsError> now) {
        cause = now;
        since = clock.instant();
    }

    private void tell(String type, String reason) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("connection", connection);
        fields.put("reason", reason);
        news.of(type, fields);
    }
}

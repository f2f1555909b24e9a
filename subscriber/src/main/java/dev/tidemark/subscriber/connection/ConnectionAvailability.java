package dev.tidemark.subscriber.connection;

import dev.tidemark.ews.message.EwsError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tracks whether an Exchange organization can be used at all, and reports changes. A refusal that only an
/// operator can repair counts at once, a back-off if it is long. Missing responses count after a minute, because a
/// single timeout proves nothing. [FaultAttribution] decides which refusals count. Thread-safe.
public final class ConnectionAvailability {
    private static final Logger log = LoggerFactory.getLogger(ConnectionAvailability.class);

    /// Restarts of a load balancer and fail-overs of a database are over by then.
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final String connection;
    private final InstanceEventJournal news;
    private final Clock clock;
    private Optional<Instant> troubleSince = Optional.empty();
    private Optional<EwsError> cause = Optional.empty();
    private Optional<EwsError> backOffCause = Optional.empty();
    private Instant since;

    /// Who is told of lifecycle events of the instance. Where that fails, it is told again at the next occasion.
    public interface InstanceEventJournal {
        void append(String type, Map<String, Object> fields);
    }

    ConnectionAvailability(String connection, InstanceEventJournal news, Clock clock) {
        this.connection = connection;
        this.news = news;
        this.clock = clock;
        this.since = clock.instant();
    }

    /// Returns the state, with the end of the back-off, if there is one now.
    synchronized ConnectionStatus status(Optional<Instant> backoffUntil) {
        var reason = cause.or(() -> backOffCause.filter(ignored -> backoffUntil.isPresent()));
        return new ConnectionStatus(
                connection,
                cause.isPresent() ? ConnectionStatus.State.UNAVAILABLE : ConnectionStatus.State.AVAILABLE,
                since,
                reason.map(RemediationHints::cause),
                reason.flatMap(RemediationHints::remedy),
                backoffUntil);
    }

    /// Records a response of Exchange.
    ///
    /// @param heldBack true during a back-off, in which the connection is not yet available
    synchronized void recordResponse(boolean heldBack) {
        troubleSince = Optional.empty();
        if (cause.isPresent() && !heldBack) {
            appendEvent("connection.available", "Exchange answers again.");
            setCause(Optional.empty());
            log.info("Connection {} can be used again", connection);
        }
    }

    /// Records a refusal. Changes nothing if the mailbox itself is at fault.
    synchronized void recordRefusal(EwsError error, FaultAttribution.Fault fault) {
        switch (fault) {
            case MAILBOX -> {}
            case UNDECIDED -> recordMissingResponse(error);
            case CONNECTION -> {
                recordMissingResponse(error);
                if (error instanceof EwsError.PermanentForConnection || isFailingForLong()) {
                    markUnavailable(error);
                }
            }
        }
    }

    private void recordMissingResponse(EwsError error) {
        if (!(error instanceof EwsError.PermanentForConnection)) {
            var now = clock.instant();
            troubleSince = troubleSince.filter(since -> !since.isAfter(now)).or(() -> Optional.of(now));
        }
    }

    private boolean isFailingForLong() {
        return troubleSince
                .filter(since -> !clock.instant().isBefore(since.plus(PATIENCE)))
                .isPresent();
    }

    /// Records a back-off until `until`, because of `error`.
    ///
    /// @param believed false if Exchange asked for a longer wait than the limit
    synchronized void recordBackoff(EwsError error, Instant until, boolean believed) {
        backOffCause = Optional.of(error);
        if (!believed || until.isAfter(clock.instant().plus(PATIENCE))) {
            markUnavailable(error);
        }
    }

    private void markUnavailable(EwsError error) {
        if (cause.isEmpty()) {
            appendEvent("connection.unavailable", error.code() + ": " + error.text());
            setCause(Optional.of(error));
            log.warn("Connection {} cannot be used: {} {}", connection, error.code(), error.text());
        }
    }

    private void setCause(Optional<EwsError> now) {
        cause = now;
        since = clock.instant();
    }

    private void appendEvent(String type, String reason) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("connection", connection);
        fields.put("reason", reason);
        news.append(type, fields);
    }
}

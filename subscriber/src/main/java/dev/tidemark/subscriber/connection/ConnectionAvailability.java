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

/// Tracks the availability of an Exchange organization and reports changes. A refusal that only an operator can
/// repair counts at once; a back-off counts if it is long. Missing responses count after some seconds, because a
/// single timeout proves nothing. [FaultAttribution] selects the refusals that count. Thread-safe.
final class ConnectionAvailability {
    private static final Logger log = LoggerFactory.getLogger(ConnectionAvailability.class);

    /// Retries come 2, 6, 14 and 30 seconds after the first failure, a fifth earlier or later. The one after 30
    /// seconds reports a connection that fails at once. One that lets requests time out takes two timeouts.
    private static final Duration SILENCE_TOLERANCE = Duration.ofSeconds(20);

    /// A server that never responded has probably a wrong address or certificate; its operator waits.
    private static final Duration SILENCE_TOLERANCE_AT_START = Duration.ofSeconds(5);

    /// A shorter back-off is normal operation of a busy server.
    private static final Duration BACKOFF_TOLERANCE = Duration.ofMinutes(1);

    private final String connection;
    private final InstanceEventJournal events;
    private final Clock clock;
    private Optional<Instant> failingSince = Optional.empty();
    private Optional<EwsError> cause = Optional.empty();
    private Optional<EwsError> backOffCause = Optional.empty();
    private Instant since;
    private boolean everResponded;

    /// Appends lifecycle events of the instance to the journal. If an append fails, the state stays unchanged
    /// and the next result repeats it.
    public interface InstanceEventJournal {
        void append(String type, Map<String, Object> fields);
    }

    ConnectionAvailability(String connection, InstanceEventJournal events, Clock clock) {
        this.connection = connection;
        this.events = events;
        this.clock = clock;
        this.since = clock.instant();
    }

    /// Returns the state, with the end of the current back-off, if any.
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
    /// @param backingOff true during a back-off, in which the connection is not yet available
    synchronized void recordResponse(boolean backingOff) {
        failingSince = Optional.empty();
        everResponded = true;
        if (cause.isPresent() && !backingOff) {
            appendEvent("connection.available", "Exchange responds again.");
            setCause(Optional.empty());
            log.info("Connection {} is available again", connection);
        }
    }

    /// Records a refusal. Ignores it if the mailbox itself is at fault.
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
            failingSince = failingSince.filter(since -> !since.isAfter(now)).or(() -> Optional.of(now));
        }
    }

    private boolean isFailingForLong() {
        var tolerance = everResponded ? SILENCE_TOLERANCE : SILENCE_TOLERANCE_AT_START;
        return failingSince
                .filter(since -> !clock.instant().isBefore(since.plus(tolerance)))
                .isPresent();
    }

    /// Records a back-off until `until`, because of `error`.
    ///
    /// @param believed false if Exchange requested a longer wait than the limit
    synchronized void recordBackoff(EwsError error, Instant until, boolean believed) {
        backOffCause = Optional.of(error);
        if (!believed || until.isAfter(clock.instant().plus(BACKOFF_TOLERANCE))) {
            markUnavailable(error);
        }
    }

    private void markUnavailable(EwsError error) {
        if (cause.isEmpty()) {
            appendEvent("connection.unavailable", error.code() + ": " + error.text());
            setCause(Optional.of(error));
            log.warn("Connection {} is unavailable: {} {}", connection, error.code(), error.text());
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
        events.append(type, fields);
    }
}

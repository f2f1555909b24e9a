package dev.tidemark.subscriber.connection;

import java.time.Instant;
import java.util.Optional;

/// Pause of a connection that an operator requested. Nothing is sent until its end.
record OperatorPause(Instant since, Instant until) {
    boolean isActive(Instant now) {
        return now.isBefore(until);
    }

    /// Returns the state of the connection during the pause.
    ConnectionStatus status(String connection) {
        return new ConnectionStatus(
                connection,
                ConnectionStatus.State.PAUSED,
                since,
                Optional.of("An operator paused the connection"),
                Optional.of("none until its end; 'tidemark connections resume " + connection + "' ends it"),
                Optional.of(until));
    }
}

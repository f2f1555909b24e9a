package dev.tidemark.subscriber.connection;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// State of the connection to one Exchange organization, for operators.
///
/// @param since time of the last change of the state; at first the time of creation
/// @param reason cause of the state or of the back-off, with its code
/// @param remedy change that an operator has to make
/// @param backoffUntil end of the back-off during which nothing is sent
public record ConnectionStatus(
        String name,
        State state,
        Instant since,
        Optional<String> reason,
        Optional<String> remedy,
        Optional<Instant> backoffUntil) {

    public enum State {
        AVAILABLE,
        UNAVAILABLE,
        PAUSED;

        /// Returns the name in the admin API.
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public boolean isAvailable() {
        return state == State.AVAILABLE;
    }
}

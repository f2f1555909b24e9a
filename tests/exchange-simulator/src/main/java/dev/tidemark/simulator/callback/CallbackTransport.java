package dev.tidemark.simulator.callback;

import dev.tidemark.simulator.mailbox.MailboxServer;
import java.net.URI;
import java.util.Optional;

/// Sends one callback and waits for its response.
public interface CallbackTransport extends AutoCloseable {
    /// Word in the response to a callback; [#UNSUBSCRIBE] is the only way to end a push subscription.
    enum CallbackAnswer {
        OK("OK"),
        UNSUBSCRIBE("Unsubscribe");

        private final String wireName;

        CallbackAnswer(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /// Posts a callback; blocks. Returns empty if there was no response or Exchange would not understand it.
    /// Never throws because of the receiver.
    Optional<CallbackAnswer> post(URI url, String body);

    /// Result of an attempt.
    ///
    /// @param httpStatus 0 without a response
    /// @param problem reason for which the response is no acknowledgment; empty if it is one
    record CallbackOutcome(Optional<CallbackAnswer> status, int httpStatus, String answer, String problem) {
        public static final CallbackOutcome NONE = ofNone("no response");

        static CallbackOutcome of(Optional<CallbackAnswer> status) {
            return status.isPresent() ? new CallbackOutcome(status, 200, "", "") : NONE;
        }

        static CallbackOutcome ofNone(String problem) {
            return new CallbackOutcome(Optional.empty(), 0, "", problem);
        }
    }

    /// Posts a callback from the address of one server.
    default CallbackOutcome post(MailboxServer from, URI url, String body) {
        return CallbackOutcome.of(post(url, body));
    }

    /// Posts the first half of a callback and closes the connection.
    default CallbackOutcome postHalf(MailboxServer from, URI url, String body) {
        return CallbackOutcome.of(post(url, body.substring(0, body.length() / 2)));
    }

    @Override
    default void close() {}
}

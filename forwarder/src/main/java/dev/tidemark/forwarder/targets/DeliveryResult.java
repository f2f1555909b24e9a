package dev.tidemark.forwarder.targets;

import dev.tidemark.store.model.DeadLetter.RefusedResponse;
import dev.tidemark.values.TextValidator;
import java.time.Duration;
import java.util.Optional;

/// Result of one attempt to deliver.
public sealed interface DeliveryResult {
    /// Maximum length of foreign text that is kept, in characters.
    int MAX_TEXT_LENGTH = 500;

    /// Returns a clause for logs and the admin API.
    String text();

    /// Returns the response, if it refused the request; empty in protocols without responses.
    default Optional<RefusedResponse> refusal() {
        return Optional.empty();
    }

    /// Returns the start of a foreign text on one line.
    static String shortened(String text) {
        var line = TextValidator.start(text, 2 * MAX_TEXT_LENGTH).replaceAll("\\p{Cntrl}+", " ");
        return line.length() > MAX_TEXT_LENGTH ? TextValidator.start(line, MAX_TEXT_LENGTH) + "…" : line;
    }

    /// The receiver stored the messages, in a protocol without status codes.
    record Accepted() implements DeliveryResult {
        @Override
        public String text() {
            return "accepted";
        }
    }

    /// The receiver sent an HTTP response.
    ///
    /// @param body beginning of the body of a refusal
    record Status(int code, Optional<String> retryAfter, String body) implements DeliveryResult {
        private static final int FIRST_REFUSAL = 300;

        public Status(int code, Optional<String> retryAfter) {
            this(code, retryAfter, "");
        }

        /// Returns true if a response with this code did not accept the request.
        public static boolean isRefusal(int code) {
            return code >= FIRST_REFUSAL;
        }

        @Override
        public Optional<RefusedResponse> refusal() {
            return isRefusal(code) ? Optional.of(new RefusedResponse(code, body)) : Optional.empty();
        }

        @Override
        public String text() {
            return code == 401 || code == 403
                    ? "responded " + code + "; check that the receiver has the secret of this sink"
                    : "responded " + code;
        }
    }

    /// No response: no connection, no TLS, or a connection that broke. The event is not at fault.
    record NoAnswer(String why) implements DeliveryResult {
        public NoAnswer {
            why = shortened(why);
        }

        @Override
        public String text() {
            return why;
        }
    }

    /// The receiver closed the kept connection before the first byte of its response. Counts as a failure of
    /// neither the sink nor the event. The next attempt follows at once on a new connection, where this cannot
    /// happen again.
    record Stale() implements DeliveryResult {
        @Override
        public String text() {
            return "the receiver had closed the kept connection";
        }
    }

    record TimedOut(Duration after) implements DeliveryResult {
        @Override
        public String text() {
            return "no response within " + after.toMillis() + " ms";
        }
    }

    /// The egress policy forbids this address.
    ///
    /// @param allow entry to add to `egress.allow`; empty if no entry can allow the address
    record AddressRefused(String why, Optional<String> allow) implements DeliveryResult {
        @Override
        public String text() {
            return allow.map(line -> why + "; add egress.allow: [ " + line + " ]")
                    .orElse(why);
        }
    }

    /// The event itself cannot be sent. Counts against its schedule.
    record NotSent(String why) implements DeliveryResult {
        public NotSent {
            why = shortened(why);
        }

        @Override
        public String text() {
            return why;
        }
    }
}

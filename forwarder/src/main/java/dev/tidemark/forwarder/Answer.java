package dev.tidemark.forwarder;

import java.time.Duration;
import java.util.Optional;

/// What came of one attempt to deliver.
sealed interface Answer {
    /// One sentence part for logs and the admin API.
    String text();

    /// The receiver answered.
    record Status(int code, Optional<String> retryAfter) implements Answer {
        @Override
        public String text() {
            return "answered " + code;
        }
    }

    /// No connection, no TLS, or cut off before the answer.
    record NoAnswer(String why) implements Answer {
        @Override
        public String text() {
            return why;
        }
    }

    record TimedOut(Duration after) implements Answer {
        @Override
        public String text() {
            return "no answer within " + after.toMillis() + " ms";
        }
    }

    /// The egress policy does not let us call this address.
    ///
    /// @param allow what to add to `egress.allow`; none where nothing helps
    record AddressRefused(String why, Optional<String> allow) implements Answer {
        @Override
        public String text() {
            return allow.map(line -> why + "; add egress.allow: [ " + line + " ]")
                    .orElse(why);
        }
    }

    /// A fault of our own kept this event from being sent.
    record NotSent(String why) implements Answer {
        @Override
        public String text() {
            return why;
        }
    }
}

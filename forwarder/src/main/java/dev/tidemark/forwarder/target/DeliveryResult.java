package dev.tidemark.forwarder.target;

import java.time.Duration;
import java.util.Optional;

/// What came of one attempt to deliver.
public sealed interface DeliveryResult {
    /// Characters of a foreign text that are kept.
    int MAX_TEXT_LENGTH = 500;

    /// One sentence part for logs and the admin API.
    String text();

    /// Returns the start of a foreign text, on one line.
    static String shortened(String text) {
        var line =
                text.substring(0, Math.min(2 * MAX_TEXT_LENGTH, text.length())).replaceAll("\\p{Cntrl}+", " ");
        return line.length() > MAX_TEXT_LENGTH ? line.substring(0, MAX_TEXT_LENGTH) + "…" : line;
    }

    /// The other side has it, by whatever it says that.
    record Accepted() implements DeliveryResult {
        @Override
        public String text() {
            return "accepted";
        }
    }

    /// A receiver of HTTP answered.
    record Status(int code, Optional<String> retryAfter) implements DeliveryResult {
        @Override
        public String text() {
            return "answered " + code;
        }
    }

    /// No connection, no TLS, or cut off before the answer: nothing is wrong with the event.
    record NoAnswer(String why) implements DeliveryResult {
        public NoAnswer {
            why = shortened(why);
        }

        @Override
        public String text() {
            return why;
        }
    }

    /// The receiver had closed the kept connection before the first byte of its response. This counts as a failure
    /// of neither the sink nor the event. The next attempt follows at once, on a new connection, where it cannot
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
            return "no answer within " + after.toMillis() + " ms";
        }
    }

    /// The egress policy does not let us call this address.
    ///
    /// @param allow what to add to `egress.allow`; none where nothing helps
    record AddressRefused(String why, Optional<String> allow) implements DeliveryResult {
        @Override
        public String text() {
            return allow.map(line -> why + "; add egress.allow: [ " + line + " ]")
                    .orElse(why);
        }
    }

    /// Something about this event keeps it from being sent or taken: it counts against its schedule.
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

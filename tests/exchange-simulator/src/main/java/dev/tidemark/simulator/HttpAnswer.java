package dev.tidemark.simulator;

import java.util.Map;

/// What goes back to a client.
sealed interface HttpAnswer {
    record Reply(int status, String contentType, String body, Map<String, String> headers) implements HttpAnswer {
        public Reply {
            headers = Map.copyOf(headers);
        }

        Reply(int status, String contentType, String body) {
            this(status, contentType, body, Map.of());
        }

        Reply with(Map<String, String> others) {
            return new Reply(status, contentType, body, others);
        }

        static Reply xml(int status, String body) {
            return new Reply(status, "text/xml; charset=utf-8", body);
        }

        static Reply json(String body) {
            return new Reply(200, "application/json", body);
        }

        static Reply text(int status, String body) {
            return new Reply(status, "text/plain; charset=utf-8", body);
        }
    }

    /// Envelopes one after the other, each sent as soon as it is there.
    record Streamed(EventFlow flow) implements HttpAnswer {}

    /// The login is missing or wrong.
    record Unauthorized() implements HttpAnswer {}

    /// The connection is cut without an answer.
    record Cut() implements HttpAnswer {}
}

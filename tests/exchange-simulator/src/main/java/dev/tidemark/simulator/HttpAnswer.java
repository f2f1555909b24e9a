package dev.tidemark.simulator;

/// What goes back to a client.
sealed interface HttpAnswer {
    record Reply(int status, String contentType, String body) implements HttpAnswer {
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

    /// The login is missing or wrong.
    record Unauthorized() implements HttpAnswer {}

    /// The connection is cut without an answer.
    record Cut() implements HttpAnswer {}
}

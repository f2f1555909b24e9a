package dev.tidemark.listener;

import java.util.Locale;

/// Reasons for a request without an acknowledgement, in the order of their checks.
enum RejectionReason {
    /// The client has too many connections; no response is sent.
    CONNECTIONS(503, ""),
    /// TLS handshake failed; no response is sent.
    TLS(403, ""),
    ADDRESS(403, ""),
    TOKEN(404, ""),
    METHOD(405, ""),
    TYPE(415, "The content type is not XML; send text/xml; charset=utf-8."),
    LENGTH(413, "The body exceeds the limit of this listener."),
    STOPPING(503, "The listener is stopping; send this again later."),
    QUEUE(503, "Too many callbacks are in flight; send this again later."),
    STORE(503, "The callback cannot be stored now; send this again later."),
    /// Not valid HTTP, or headers too long: Jetty sends the response.
    PROTOCOL(400, ""),
    MALFORMED(400, ""),
    /// The client stopped sending, or sent too slowly: no response is sent.
    TIMEOUT(408, "");

    private final int status;
    private final String text;

    RejectionReason(int status, String text) {
        this.status = status;
        this.text = text;
    }

    /// Returns the label in counters.
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Returns the response; `MALFORMED` gets a sentence about the error instead.
    CallbackResponse response() {
        return CallbackResponse.text(status, text);
    }
}

package dev.tidemark.listener;

import java.util.Locale;

/// Why a request got no acknowledgement, in the order in which it is looked at.
enum RejectionReason {
    /// TLS handshake failed; no response is sent.
    TLS(403, ""),
    ADDRESS(403, ""),
    TOKEN(404, ""),
    METHOD(405, ""),
    TYPE(415, "The content type is not XML; send text/xml; charset=utf-8."),
    LENGTH(413, "The body is longer than this listener takes."),
    STOPPING(503, "The listener is stopping; send this again later."),
    QUEUE(503, "Too many call-backs are waiting; send this again later."),
    STORE(503, "The call-back cannot be stored now; send this again later."),
    /// Not valid HTTP, or with headers too long: the server answers by itself.
    PROTOCOL(400, ""),
    MALFORMED(400, ""),
    /// The client stopped sending, or sent too slowly: nothing is answered.
    TIMEOUT(408, "");

    private final int status;
    private final String text;

    RejectionReason(int status, String text) {
        this.status = status;
        this.text = text;
    }

    /// The word for it in counters.
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The answer to it; `MALFORMED` is answered with its own sentence instead.
    CallbackResponse response() {
        return CallbackResponse.text(status, text);
    }
}

package dev.tidemark.ews;

import java.util.Optional;

/// An HTTP answer, as far as it is looked at. An instance is made per exchange and its body never changed.
final class HttpReply {
    private final int status;
    private final Optional<String> retryAfter;
    private final Optional<String> date;
    private final Optional<String> casError;
    private final Optional<String> location;
    private final byte[] body;

    /// `casError` is the value of X-CasErrorCode, by which the front end says that it found no mailbox
    /// server.
    HttpReply(int status, Optional<String> retryAfter, Optional<String> date, Optional<String> casError, byte[] body) {
        this(status, retryAfter, date, casError, Optional.empty(), body);
    }

    /// The same, with where a redirection leads.
    HttpReply(
            int status,
            Optional<String> retryAfter,
            Optional<String> date,
            Optional<String> casError,
            Optional<String> location,
            byte[] body) {
        this.status = status;
        this.retryAfter = retryAfter;
        this.date = date;
        this.casError = casError;
        this.location = location;
        this.body = body;
    }

    int status() {
        return status;
    }

    Optional<String> retryAfter() {
        return retryAfter;
    }

    Optional<String> date() {
        return date;
    }

    Optional<String> casError() {
        return casError;
    }

    Optional<String> location() {
        return location;
    }

    byte[] body() {
        return body;
    }
}

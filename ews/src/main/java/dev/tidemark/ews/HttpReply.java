package dev.tidemark.ews;

import java.util.Map;
import java.util.Optional;

/// Status, body and relevant headers of an HTTP response. Created once per request; the caller never changes
/// the body.
final class HttpReply {
    static final String RETRY_AFTER = "Retry-After";
    static final String DATE = "Date";
    static final String CAS_ERROR = "X-CasErrorCode";
    static final String LOCATION = "Location";

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    /// Creates a reply; does not copy the body.
    ///
    /// @param headers present headers of the names above, and the affinity cookie's value by its name
    public HttpReply(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.body = body;
    }

    int status() {
        return status;
    }

    Optional<String> retryAfter() {
        return header(RETRY_AFTER);
    }

    Optional<String> date() {
        return header(DATE);
    }

    /// Returns the error of a front end that found no mailbox server.
    Optional<String> casError() {
        return header(CAS_ERROR);
    }

    /// Returns the target of a redirect.
    Optional<String> location() {
        return header(LOCATION);
    }

    /// Returns the cookie that selects the mailbox's server.
    Optional<String> affinityCookie() {
        return header(ServerAffinity.COOKIE);
    }

    byte[] body() {
        return body;
    }

    private Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}

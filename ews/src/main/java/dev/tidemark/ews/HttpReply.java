package dev.tidemark.ews;

import java.util.Map;
import java.util.Optional;

/// An HTTP answer, as far as it is looked at. An instance is made per exchange and its body never changed.
public final class HttpReply {
    static final String RETRY_AFTER = "Retry-After";
    static final String DATE = "Date";
    static final String CAS_ERROR = "X-CasErrorCode";
    static final String LOCATION = "Location";

    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    /// `headers` has those of the names above that came, and the affinity cookie's value by its name.
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

    /// By which the front end says that it found no mailbox server.
    Optional<String> casError() {
        return header(CAS_ERROR);
    }

    /// Where a redirection leads.
    Optional<String> location() {
        return header(LOCATION);
    }

    /// What names the server that holds what was asked for.
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

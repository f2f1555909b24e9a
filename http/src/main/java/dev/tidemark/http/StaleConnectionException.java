package dev.tidemark.http;

import java.io.IOException;

/// Reports that a reused connection ended before a byte of the response arrived. The server most likely closed
/// it before the request arrived. So the request may be sent again once, on a new connection (RFC 9112, section
/// 9.3.1).
public final class StaleConnectionException extends IOException {
    private static final long serialVersionUID = 1L;

    public StaleConnectionException(String message) {
        super(message);
    }

    public StaleConnectionException(String message, IOException cause) {
        super(message, cause);
    }
}

package dev.tidemark.ews;

import java.io.IOException;

/// Reports a proxy that refused to open a tunnel.
final class RefusingProxyException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RefusingProxyException(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }
}

package dev.tidemark.ews;

import java.io.IOException;

/// Reports a body beyond [PostRequest#MAX_RESPONSE].
final class ResponseTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;
}

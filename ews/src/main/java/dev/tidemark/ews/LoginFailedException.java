package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsError;
import java.io.IOException;

/// Reports that the account could not prove its identity, so there is no response. Carries the classified
/// error.
final class LoginFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient EwsError error;

    public LoginFailedException(EwsError error) {
        super(error.text());
        this.error = error;
    }

    public LoginFailedException(EwsError error, Throwable cause) {
        super(error.text(), cause);
        this.error = error;
    }

    public EwsError error() {
        return error;
    }
}

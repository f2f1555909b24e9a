package dev.tidemark.ews;

import java.io.IOException;

/// The account could not prove who it is, so there is no answer. Carries what to do about it.
final class LoginFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient EwsError error;

    LoginFailedException(EwsError error) {
        super(error.text());
        this.error = error;
    }

    LoginFailedException(EwsError error, Throwable cause) {
        super(error.text(), cause);
        this.error = error;
    }

    EwsError error() {
        return error;
    }
}

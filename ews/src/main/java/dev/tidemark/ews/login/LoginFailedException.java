package dev.tidemark.ews.login;

import dev.tidemark.ews.message.EwsError;
import java.io.IOException;

/// The account could not prove who it is, so there is no answer. Carries what to do about it.
public final class LoginFailedException extends IOException {
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

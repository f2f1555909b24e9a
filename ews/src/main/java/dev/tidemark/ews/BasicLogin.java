package dev.tidemark.ews;

import dev.tidemark.ews.config.ConnectionConfig.Auth;
import dev.tidemark.ews.message.EwsError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Login by the same Authorization header, or by none, with each request. Immutable and thread-safe.
record BasicLogin(Optional<String> authorization, boolean ascii) implements HttpLogin.PerRequest {
    private static final String NONE = "The server requires a login; set type in the connection's auth.";

    public static BasicLogin of(Auth.Basic basic) {
        var pair = basic.username() + ":" + basic.password();
        return new BasicLogin(
                Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))),
                StandardCharsets.US_ASCII.newEncoder().canEncode(pair));
    }

    public static BasicLogin none() {
        return new BasicLogin(Optional.empty(), true);
    }

    @Override
    public EwsError refusalError() {
        return new EwsError.PermanentForConnection(LoginErrors.REFUSED, authorization.isPresent() ? wrong() : NONE);
    }

    /// Returns the error of refused credentials. RFC 7617, section 2, leaves the charset to the server; a retry
    /// with another charset might lock the account.
    private String wrong() {
        return ascii
                ? "The server refuses the credentials; correct the connection's auth."
                : "The server refuses the credentials; correct the connection's auth, or write type: ntlm: servers read"
                        + " user names and passwords beyond ASCII in different ways with basic.";
    }

    @Override
    public String toString() {
        return "BasicLogin[redacted]";
    }
}

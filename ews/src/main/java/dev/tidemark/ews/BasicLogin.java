package dev.tidemark.ews;

import dev.tidemark.ews.ConnectionConfig.Auth;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// The same header, or none, with each request.
record BasicLogin(Optional<String> authorization) implements Login.PerRequest {
    static BasicLogin of(Auth.Basic basic) {
        var pair = basic.username() + ":" + basic.password();
        return new BasicLogin(
                Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))));
    }

    static BasicLogin nobody() {
        return new BasicLogin(Optional.empty());
    }

    @Override
    public EwsError refused() {
        return new EwsError.PermanentForConnection(
                Refusals.REFUSED,
                authorization.isPresent()
                        ? "The server refuses the credentials; correct the connection's auth."
                        : "The server wants a login; set type in the connection's auth.");
    }

    @Override
    public String toString() {
        return "BasicLogin[redacted]";
    }
}

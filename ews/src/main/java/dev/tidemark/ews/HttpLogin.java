package dev.tidemark.ews;

import dev.tidemark.ews.message.EwsError;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// Proves the identity of a connection's account. Implementations are thread-safe, and name the remedy of a
/// refusal.
sealed interface HttpLogin {
    /// Returns the error to report after the server refused every proof. May drop cached proofs.
    EwsError refusalError();

    /// Proves the identity with each request.
    non-sealed interface PerRequest extends HttpLogin {
        /// Returns the value of the Authorization header; empty without a login.
        Optional<String> authorization() throws LoginFailedException;

        /// Drops a proof that the server refused. Returns whether a new one may succeed.
        default boolean tryRenew(Optional<String> authorization) {
            return false;
        }
    }

    /// Proves the identity once per connection; every later request on it belongs to the account (RFC 4559,
    /// section 6; MS-NTHT).
    non-sealed interface PerConnection extends HttpLogin {
        /// Starts the handshake on a new connection.
        ///
        /// @param server certificate of the server, if the connection uses TLS
        Handshake startHandshake(Optional<X509Certificate> server) throws LoginFailedException;
    }

    /// Steps of one proof. Not thread-safe; used by the thread of the request.
    interface Handshake {
        /// Returns the name in WWW-Authenticate and Authorization.
        String scheme();

        /// Returns whether the first step cannot be the last, so the request's body can wait.
        boolean startsWithoutBody();

        /// Returns the first token, in Base64.
        String firstToken() throws LoginFailedException;

        /// Returns the response to the server's token, both in Base64. Empty if the server only proved its own
        /// identity.
        Optional<String> nextToken(String token) throws LoginFailedException;
    }
}

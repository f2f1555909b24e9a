package dev.tidemark.ews.login;

import dev.tidemark.ews.message.EwsError;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// How a connection's account proves who it is. Any thread may ask; whoever refuses says what to do about it.
public sealed interface HttpLogin {
    /// Takes note that the server refuses every proof, and says what that means to whoever configured it.
    EwsError refused();

    /// The same proof with each request.
    non-sealed interface PerRequest extends HttpLogin {
        /// The value of the Authorization header, or nothing where nobody logs in.
        Optional<String> authorization() throws LoginFailedException;

        /// Whether to try once more, after the server refused a request with `authorization`.
        default boolean renews(Optional<String> authorization) {
            return false;
        }
    }

    /// One proof a connection: afterwards every request on it is the account's (RFC 4559, section 6;
    /// MS-NTHT).
    non-sealed interface PerConnection extends HttpLogin {
        /// Begins on a new connection to `server`, whose certificate is known where TLS is spoken.
        Handshake begin(Optional<X509Certificate> server) throws LoginFailedException;
    }

    /// The steps of one proof. One thread takes them.
    interface Handshake {
        /// The name in WWW-Authenticate and Authorization.
        String scheme();

        /// Whether the first step cannot be the last, so that the request itself need not go with it.
        boolean opensBare();

        /// The first token, in Base64.
        String first() throws LoginFailedException;

        /// The answer to the server's token, both in Base64. Nothing where the server only proved itself.
        Optional<String> next(String token) throws LoginFailedException;
    }
}

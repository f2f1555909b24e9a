package dev.tidemark.ews;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/// How to reach one Exchange organisation. `serverVersion` is the RequestServerVersion to send; `timeout`
/// bounds connecting and each wait for bytes; `concurrency` is the number of requests under way at once; a
/// `proxy` is used for every request.
public record ConnectionConfig(
        String name,
        URI url,
        String serverVersion,
        Auth auth,
        boolean impersonation,
        Duration timeout,
        int concurrency,
        Tls tls,
        Optional<Proxy> proxy) {

    /// Straight to a server that the JVM's authorities vouch for.
    public ConnectionConfig(
            String name,
            URI url,
            String serverVersion,
            Auth auth,
            boolean impersonation,
            Duration timeout,
            int concurrency) {
        this(name, url, serverVersion, auth, impersonation, timeout, concurrency, Tls.USUAL, Optional.empty());
    }

    /// The same way to another address.
    public ConnectionConfig at(URI other) {
        return new ConnectionConfig(name, other, serverVersion, auth, impersonation, timeout, concurrency, tls, proxy);
    }

    /// How to log in.
    public sealed interface Auth {
        record None() implements Auth {}

        /// Sent with the first request already, never after a challenge only.
        record Basic(String username, String password) implements Auth {
            @Override
            public String toString() {
                return "Basic[username=" + username + ", password=redacted]";
            }
        }
    }
}
